import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { has, run } from './command.mjs';
import { Failure } from './failure.mjs';
import { waitFor } from './wait-for.mjs';

const logFile = '/var/log/berth-dockerd.log';
const oldest = [20, 10];

/**
 * A Docker Engine that answers: the one that runs, or the service, or one that we start where no service manager does.
 * @type {import('./run-steps.mjs').Step}
 */
export const startEngine = {
  name: 'Docker Engine',
  mend: `If dockerd was started by Berth, its log is ${logFile}; otherwise: journalctl -u docker`,
  run: async ({ engine, found, log }) => {
    let version = await engine.version();
    if (!version) {
      if (!found.isRoot) throw new Failure(await whyNoAnswer(engine.socket), 'Run: sudo systemctl start docker');
      found.isOwnEngine = await start(log);
      version = await waitFor('The Docker Engine did not answer', 60, async () => {
        const answer = await engine.version();
        if (!answer) throw new Error(`nothing listens on ${engine.socket}`);
        return answer;
      });
    }
    const [major = 0, minor = 0] = version.Version.split('.').map(Number);
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
      throw new Failure(`Docker Engine ${version.Version} is too old.`, 'Berth needs 20.10 or newer.');
    return version.Version;
  },
};

/** @param {string} socket */
async function whyNoAnswer(socket) {
  if (!existsSync(socket)) return `No Docker Engine listens on ${socket}.`;
  const { stdout } = await run(['id', '-nG'], { check: false });
  return stdout.split(/\s+/).includes('docker')
    ? `The Docker Engine does not answer on ${socket}.`
    : `You may not use ${socket}: add yourself to the group docker (sudo usermod -aG docker $USER, then sign in again).`;
}

/**
 * @param {(text: string) => void} log
 * @returns {Promise<boolean>} whether it is a process of ours, with no service manager above it
 */
async function start(log) {
  if (existsSync('/run/systemd/system')) {
    await run(['systemctl', 'enable', '--now', 'docker'], { onOutput: log });
    return false;
  }
  if (!(await has('dockerd'))) throw new Failure('dockerd is not installed.', 'Run: apt-get install docker.io');
  removeStalePid('/var/run/docker.pid', 'dockerd');
  removeStalePid('/var/run/docker/containerd/containerd.pid', 'containerd');
  const output = openSync(logFile, 'a');
  log(`dockerd, log in ${logFile}`);
  spawn('dockerd', engineFlags(), { detached: true, stdio: ['ignore', output, output] }).unref();
  return true;
}

/**
 * Ends a dockerd that we started, when no container needs it any more: `npm test` leaves the host as it was.
 * @param {import('./engine.mjs').Engine} engine
 */
export async function stopOwnEngine(engine) {
  const running = await engine.ask('GET', '/containers/json');
  const file = '/var/run/docker.pid';
  if (running.length > 0 || !existsSync(file)) return;
  process.kill(Number(readFileSync(file, 'utf8').trim()), 'SIGTERM');
  await waitFor('dockerd did not end', 30, async () => {
    if (existsSync(file)) throw new Error('still there');
  });
}

/**
 * dockerd and its containerd trust a pid file if any process has that number, as after a crash or a copied disk.
 * @param {string} file
 * @param {string} command
 */
function removeStalePid(file, command) {
  if (!existsSync(file)) return;
  const pid = readFileSync(file, 'utf8').trim();
  const comm = existsSync(`/proc/${pid}/comm`) ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : '';
  if (comm !== command) rmSync(file, { force: true });
}

/** What daemon.json says already may not be said twice: dockerd refuses that. */
function engineFlags() {
  const file = '/etc/docker/daemon.json';
  const settings = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return [
    ...('live-restore' in settings ? [] : ['--live-restore']),
    ...('userland-proxy' in settings ? [] : ['--userland-proxy=false']),
  ];
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { has, run } from './command.mjs';
import { findCompose } from './compose.mjs';
import { Failure } from './failure.mjs';

/**
 * Installs what is missing from Debian, and only that.
 * @type {import('./run-steps.mjs').Step}
 */
export const installAptPackages = {
  name: 'Debian packages',
  mend: 'Try `apt-get update` yourself: is the mirror in /etc/apt/sources.list.d reachable, and the clock right?',
  run: async ({ engine, found, log }) => {
    const packages = await missingPackages(engine, found.system);
    if (packages.length === 0) return 'nothing is missing';
    if (!found.system.isDebian)
      throw new Failure(
        `${found.system.name} is not Debian, so these have to be installed by hand.`,
        `Install what Debian calls: ${packages.join(' ')} (the Docker Engine from 20.10, docker compose, mmdebstrap).`,
      );
    const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
    if (!found.isRoot)
      throw new Failure(
        'Some Debian packages are missing, and only root may install them.',
        `Run: sudo ${command.join(' ')}`,
      );
    const isNewEngine = packages.includes('docker.io');
    if (isNewEngine) writeEngineSettings();
    const options = { onOutput: log, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await run(['apt-get', 'update'], options);
    await run(command, options);
    return packages.join(', ');
  },
};

/**
 * @param {import('./engine.mjs').Engine} engine
 * @param {{ isDebian: boolean, release: number }} system
 * @returns {Promise<string[]>} Debian's names
 */
async function missingPackages(engine, { isDebian, release }) {
  const missing = [];
  const needsEngine = !(await engine.version()) && !(await has('dockerd'));
  if (needsEngine) missing.push('docker.io');
  if (isDebian && release >= 13 && !(await has('docker'))) missing.push('docker-cli'); // part of docker.io before
  if (needsEngine && usesAppArmor() && !(await has('apparmor_parser'))) missing.push('apparmor');
  if (!(await findCompose())) missing.push('docker-compose');
  if (!(await has('mmdebstrap'))) missing.push('mmdebstrap');
  if (!existsSync('/etc/ssl/certs/ca-certificates.crt')) missing.push('ca-certificates');
  // Packs the first layers smaller; it goes without too, so that nobody is asked for it alone.
  if (missing.length > 0 && isDebian && !(await has('libdeflate-gzip'))) missing.push('libdeflate-tools');
  return missing;
}

/** A kernel with AppArmor makes the engine call apparmor_parser for each container. */
const usesAppArmor = () => existsSync('/sys/kernel/security/apparmor');

/**
 * An engine that we install ourselves leaves containers running when it restarts, and has no proxy process per port.
 * The settings of an engine that was there before are never changed.
 */
function writeEngineSettings() {
  const file = '/etc/docker/daemon.json';
  if (existsSync(file)) return;
  mkdirSync('/etc/docker', { recursive: true });
  writeFileSync(file, `${JSON.stringify({ 'live-restore': true, 'userland-proxy': false }, null, 2)}\n`);
}

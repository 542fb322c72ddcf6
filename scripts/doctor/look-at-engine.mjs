import { run } from '../up/command.mjs';
import { findCompose } from '../up/compose.mjs';
import { note, well, wrong } from './finding.mjs';

/** @typedef {import('./finding.mjs').Finding} Finding */
/** @typedef {import('./finding.mjs').Patient} Patient */

/** @param {Patient} patient @returns {Promise<Finding[]>} */
export async function lookAtEngine({ engine }) {
  const version = await engine.version();
  if (!version)
    return [wrong(`No Docker Engine answers on ${engine.socket}.`, 'npm start starts one, or: systemctl start docker')];
  const info = await engine.ask('GET', '/info');
  const findings = [well(`Docker Engine ${version.Version} answers.`)];
  if (!info.LiveRestoreEnabled)
    findings.push(
      note(
        'The engine runs without live-restore: apps stop while it restarts, and are back within 30 s after it.',
        'To keep them running: "live-restore": true in /etc/docker/daemon.json, then restart the engine.',
      ),
    );
  if (!info.MemoryLimit || !info.PidsLimit)
    findings.push(
      wrong(
        'The engine cannot limit memory or processes here.',
        'Boot with cgroup_enable=memory (kernel command line).',
      ),
    );
  if (!info.SwapLimit)
    findings.push(
      note('The engine cannot limit swap: an app over its memory limit may use swap instead of being ended.'),
    );
  if (info.CgroupVersion === '2' && info.CgroupDriver === 'cgroupfs')
    findings.push(note('cgroup v2 with the cgroupfs driver: not what Debian sets up; untested.'));
  return findings;
}

/** @param {Patient} patient @returns {Promise<Finding>} */
export async function lookAtCompose({ engine }) {
  const argv = await findCompose();
  if (!argv)
    return wrong(
      'No docker compose is installed.',
      'npm start installs it on Debian; else: the compose plugin of Docker.',
    );
  const { stdout } = await run([...argv, 'version'], { check: false });
  const name = stdout.split('\n')[0] ?? '';
  const oldest = Number((await engine.version())?.MinAPIVersion?.split('.')[1] ?? 0);
  if (/1\.2\d\./.test(name) && oldest > 41)
    return wrong(
      `${name} is too old for this engine.`,
      'Install the compose plugin of Docker (docker-compose-plugin).',
    );
  return well(`${name}.`);
}

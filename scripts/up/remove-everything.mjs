import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { platformImage } from './platform-recipe.mjs';

/**
 * Removes all that one Berth has in the engine and on the host: containers, networks, volumes, images of apps, build
 * disks, its firewall table, its cgroups. What is missing already is fine. The platform image and the cache stay.
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./engine.mjs').Engine} engine
 */
export async function removeEverything(settings, engine) {
  const label = [`berth.instance=${settings.instance}`];
  const containers = await engine.list('containers', label);
  await Promise.all(containers.map(({ Id }) => engine.tryAsk('DELETE', `/containers/${Id}?force=1&v=1`)));
  await cleanHost(settings, engine);
  for (const { Id } of await engine.list('networks', label)) await engine.tryAsk('DELETE', `/networks/${Id}`);
  for (const { Name } of await engine.list('volumes', label)) await engine.tryAsk('DELETE', `/volumes/${Name}?force=1`);
  await removeImages(engine, `127.0.0.1:${settings.chosen.BERTH_REGISTRY_PORT}/`);
  rmSync(settings.home, { recursive: true, force: true });
}

/** Folder on the host of the disk images of builds; the same path inside apps/host. @param {string} instance */
export const stateDirectory = (instance) => `/var/lib/berth/${instance}`;

/**
 * What is not the engine's own: loop devices and disk images, the nftables table, cgroup folders. Done in a container,
 * so that it works for a user of the group docker too.
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./engine.mjs').Engine} engine
 */
async function cleanHost({ instance }, engine) {
  if (!(await engine.tryAsk('GET', `/images/${platformImage}/json`))) return;
  const { hostNames } = await import('@berth/domain/host-names');
  const names = hostNames(instance);
  const parent = dirname(stateDirectory(instance));
  const { Id } = await engine.ask('POST', '/containers/create', {
    Image: platformImage,
    Entrypoint: ['bash', '-eu', '/opt/berth-clean.sh'],
    Env: [`INSTANCE=${instance}`, `TABLE=${names.table}`, `CGROUP=${names.cgroupParent.replace(/^\//, '')}`],
    Labels: { 'berth.instance': instance, 'berth.kind': 'helper' },
    HostConfig: {
      NetworkMode: 'host',
      // The rights its three tasks need. Not `Privileged`: a daemon that lacks one capability itself cannot give them all.
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN', 'DAC_OVERRIDE', 'FOWNER'],
      DeviceCgroupRules: ['b 7:* rwm', 'c 10:237 rwm'],
      Binds: [
        `${new URL('../parts/clean-host.sh', import.meta.url).pathname}:/opt/berth-clean.sh:ro`,
        `${parent}:${parent}`,
        '/dev:/dev',
        '/sys/fs/cgroup:/sys/fs/cgroup',
      ],
    },
  });
  await engine.ask('POST', `/containers/${Id}/start`);
  await engine.ask('POST', `/containers/${Id}/wait`);
  await engine.tryAsk('DELETE', `/containers/${Id}?force=1&v=1`);
}

/**
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} prefix
 */
async function removeImages(engine, prefix) {
  for (const { Id, RepoTags, RepoDigests } of await engine.ask('GET', '/images/json')) {
    const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
    if (names.some((name) => name.startsWith(prefix))) await engine.tryAsk('DELETE', `/images/${Id}?force=1`);
  }
}

/** Whether there is anything to remove. @param {import('./settings.mjs').Settings} settings @param {import('./engine.mjs').Engine} engine */
export async function isAnythingThere(settings, engine) {
  if (existsSync(settings.home)) return true;
  const label = [`berth.instance=${settings.instance}`];
  const kinds = /** @type {const} */ (['containers', 'networks', 'volumes']);
  const found = await Promise.all(kinds.map((kind) => engine.list(kind, label)));
  return found.some((list) => list.length > 0);
}

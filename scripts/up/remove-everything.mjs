import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platformImage } from './platform-recipe.mjs';

/**
 * Removes all that one Berth has in the engine and on the host: containers, networks, volumes, images of apps, build
 * disks, its firewall table, its cgroups. What is missing already is fine. The platform image and the cache stay.
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./engine.mjs').Engine} engine
 * @returns {Promise<string[]>} names of networks that the engine would not give up
 */
export async function removeEverything(settings, engine) {
  const label = [`berth.instance=${settings.instance}`];
  const containers = await engine.list('containers', label);
  await Promise.all(containers.map(({ Id }) => engine.tryAsk('DELETE', `/containers/${Id}?force=1&v=1`)));
  await cleanHost(settings, engine);
  const kept = await removeNetworks(engine, label);
  for (const { Name } of await engine.list('volumes', label)) await engine.tryAsk('DELETE', `/volumes/${Name}?force=1`);
  const { BERTH_REGISTRY_PORT, BERTH_PRODUCTION_REGISTRY_PORT } = settings.chosen;
  for (const port of [BERTH_REGISTRY_PORT, BERTH_PRODUCTION_REGISTRY_PORT])
    if (port) await removeImages(engine, `127.0.0.1:${port}/`);
  rmSync(settings.home, { recursive: true, force: true });
  return kept;
}

/**
 * An engine that was cut while it made a container may count an endpoint that is not there, and then keeps the network
 * until it starts again (seen with 20.10).
 * @param {import('./engine.mjs').Engine} engine
 * @param {string[]} label
 * @returns {Promise<string[]>} names of networks that the engine would not give up
 */
async function removeNetworks(engine, label) {
  const kept = [];
  for (const { Id, Name } of await engine.list('networks', label)) {
    const isGone = await engine.tryAsk('DELETE', `/networks/${Id}`).then(
      () => true,
      () => false,
    );
    if (!isGone) kept.push(Name);
  }
  return kept;
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
  const { hostNames } = await import('@berth/domain/host-names');
  const names = hostNames(instance);
  await runOnHost(engine, instance, 'clean-host.sh', {
    INSTANCE: instance,
    TABLE: names.table,
    CGROUP: names.cgroupParent.replace(/^\//, ''),
  });
}

/**
 * Lets apps that sleep go on, so that they can end when they are asked to. Nobody may freeze them again meanwhile.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} instance
 */
export async function thawApps(engine, instance) {
  const { hostNames } = await import('@berth/domain/host-names');
  const CGROUP = hostNames(instance).cgroupParent.replace(/^\//, '');
  await runOnHost(engine, instance, 'thaw-apps.sh', { CGROUP });
}

/**
 * Runs a script of scripts/parts in a container on the host's network, to its end. It sees disks and cgroups.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} instance
 * @param {string} script
 * @param {Record<string, string>} env
 */
export async function runOnHost(engine, instance, script, env) {
  if (!(await engine.tryAsk('GET', `/images/${platformImage}/json`))) return;
  const parent = dirname(stateDirectory(instance));
  const { Id } = await engine.ask('POST', '/containers/create', {
    Image: platformImage,
    Entrypoint: ['bash', '/opt/script.sh'],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: { 'berth.instance': instance, 'berth.kind': 'host-script' },
    HostConfig: {
      NetworkMode: 'host',
      // The rights its three tasks need. Not `Privileged`: a daemon that lacks one capability itself cannot give them all.
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN', 'DAC_OVERRIDE', 'FOWNER'],
      DeviceCgroupRules: ['b 7:* rwm', 'c 10:237 rwm'],
      Binds: [
        `${fileURLToPath(new URL(`../parts/${script}`, import.meta.url))}:/opt/script.sh:ro`,
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
 * By name, not by id: another Berth may have pulled the same image from its own registry.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} prefix
 */
async function removeImages(engine, prefix) {
  for (const { RepoTags, RepoDigests } of await engine.ask('GET', '/images/json'))
    for (const name of [...(RepoTags ?? []), ...(RepoDigests ?? [])])
      if (name.startsWith(prefix)) await engine.tryAsk('DELETE', `/images/${name}?force=1`);
}

/** Whether there is anything to remove. @param {import('./settings.mjs').Settings} settings @param {import('./engine.mjs').Engine} engine */
export async function isAnythingThere(settings, engine) {
  if (existsSync(settings.home)) return true;
  const label = [`berth.instance=${settings.instance}`];
  const kinds = /** @type {const} */ (['containers', 'networks', 'volumes']);
  const found = await Promise.all(kinds.map((kind) => engine.list(kind, label)));
  return found.some((list) => list.length > 0);
}

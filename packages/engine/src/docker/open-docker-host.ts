import { hostNames } from '@berth/domain/host-names';
import { subnetPool } from '@berth/domain/subnet-pool';
import Docker from 'dockerode';
import type { BuildEngine, ReleaseEngine } from '../interface.js';
import { askApp } from './ask-app.js';
import { copyRedis } from './copy-redis.js';
import { endLeftCopies } from './copy-volume.js';
import { asEngineError, unlessStatus } from './docker-errors.js';
import type { DockerHost, DockerSettings, Note } from './docker-host.js';
import { ensureNetwork, removeNetwork } from './environment-network.js';
import { execInJail } from './exec-in-jail.js';
import { forgetWorkers } from './forget-workers.js';
import { freezeInstances, pushOutInstances, thawInstances } from './freezer.js';
import { removeHostNetworkContainer } from './host-network-container.js';
import { InstanceList } from './instance-status.js';
import { getArchive, putArchive } from './jail-archive.js';
import { type JailBook, openJailBook } from './jail-book.js';
import { openJailMaker } from './jail-maker.js';
import { type Firewall, keepFirewall } from './keep-firewall.js';
import { keepLayers } from './keep-layers.js';
import { removeCache } from './kept-disks.js';
import { labelFilter } from './labels.js';
import { lastLines } from './last-lines.js';
import { listOthers } from './list-others.js';
import { listeningSockets } from './listening-sockets.js';
import { freeSpace, measureDisk } from './measure-disk.js';
import { openTerminal } from './open-terminal.js';
import { probeHost } from './probe-host.js';
import { pullImage } from './pull-image.js';
import { readActivity, readUsage } from './read-usage.js';
import { disconnectRedis, listRedis } from './redis-networks.js';
import { ensureRedis, removeRedis, setRedisUsers } from './redis-server.js';
import { collectRegistry } from './registry-volume.js';
import { removeImage } from './remove-image.js';
import { removeInstance, stopInstance } from './remove-instance.js';
import { ensureRouterNetwork } from './router-network.js';
import { removeOneOff, runOneOff } from './run-one-off.js';
import { saysBusy } from './says-busy.js';
import { restartInstance, startInstance } from './start-instance.js';
import { ensureVolume, growVolume, removeVolume } from './volumes.js';
import { watchEvents } from './watch-events.js';
import { keepBuildsGoing } from './yield-to-apps.js';

export interface DockerEngines {
  build: BuildEngine;
  release: ReleaseEngine;
  host: DockerHost;
  /** Throws while the daemon is away or the firewall is not loaded. */
  check: () => Promise<void>;
  /** Closes all jails; instances, networks and the firewall stay. */
  stop: () => Promise<void>;
}

/** Probes the host, loads the firewall, sweeps what a killed predecessor left, and gives the verbs. */
export async function openDockerHost(settings: DockerSettings, note: Note): Promise<DockerEngines> {
  const docker = new Docker({ socketPath: settings.dockerSocket });
  const names = hostNames(settings.instance);
  const facts = await probeHost(docker, names, settings);
  const unguarded = { docker, names, facts, settings, note, pool: subnetPool(settings.subnetPool) };
  const firewall = keepFirewall(unguarded);
  const host: DockerHost = { ...unguarded, whenFirewalled: firewall.whenLoaded };
  await endLeftCopies(host);
  await removeEndedOneOffs(host);
  await ensureRouterNetwork(host);
  const jails = openJailBook(host, await openJailMaker(host));
  const going = keepBuildsGoing(host);
  const instances = new InstanceList(host);
  const keepers = keepLayers(host, () => instances.runningImages);
  return {
    host,
    build: guard(buildEngine(host, jails)),
    release: guard(releaseEngine(host, instances)),
    check: async () => {
      await docker.ping();
      await firewall.whenLoaded();
    },
    stop: async () => {
      going.stop();
      await keepers.stop();
      await stop(host, firewall, jails);
    },
  };
}

/** A one-off that has ended while no host process ran: its result went to nobody. */
async function removeEndedOneOffs(host: DockerHost): Promise<void> {
  const filters = { ...labelFilter(host, 'oneoff'), status: ['created', 'exited', 'dead'] };
  for (const { Id } of await host.docker.listContainers({ all: true, filters }))
    await unlessStatus([404, 409], host.docker.getContainer(Id).remove({ force: true, v: true }));
}

async function stop(host: DockerHost, firewall: Firewall, jails: JailBook): Promise<void> {
  firewall.stop();
  await jails.stop();
  await removeHostNetworkContainer(host);
}

function buildEngine(host: DockerHost, jails: JailBook): BuildEngine {
  return {
    openJail: jails.open,
    prepareJail: jails.prepare,
    putArchive: async (jailId, directory, tar, first) => putArchive(host, jails.get(jailId), { directory, tar, first }),
    exec: async (jailId, command, onOutput, signal) => execInJail(host, jails.get(jailId), command, onOutput, signal),
    getArchive: async (jailId, directory, first) => getArchive(host, jails.get(jailId), { directory, first }),
    closeJail: jails.close,
    listJails: async () => jails.list(),
    pullImage: (image) => pullImage(host, image),
  };
}

function releaseEngine(host: DockerHost, instances: InstanceList): ReleaseEngine {
  return {
    ensureNetwork: (network) => ensureNetwork(host, network),
    removeNetwork: (environmentId) => removeNetwork(host, environmentId),
    pullImage: (image) => pullImage(host, image),
    startInstance: (group, index) => startInstance(host, group, index),
    restartInstance: (key) => restartInstance(host, key),
    freezeInstances: (containerIds) => freezeInstances(host, containerIds),
    thawInstances: (containerIds) => thawInstances(host, containerIds),
    pushOutInstances: (containerIds) => pushOutInstances(host, containerIds),
    stopInstance: async (key, graceMs) => void (await stopInstance(host, key, graceMs)),
    readUsage: (containerIds) => readUsage(host, containerIds),
    readActivity: () => readActivity(host),
    listOthers: () => listOthers(host),
    removeInstance: (key, graceMs) => removeInstance(host, key, graceMs),
    listInstances: (filter) => instances.read(filter),
    lastLines: (key, count) => lastLines(host, key, count),
    saysBusy: (containerIds) => saysBusy(host, containerIds),
    listeningSockets: (key) => listeningSockets(host, key),
    runOneOff: (...run) => runOneOff(host, ...run),
    removeOneOff: (key) => removeOneOff(host, key),
    openTerminal: (spec) => openTerminal(host, spec),
    ensureRedis: (spec) => ensureRedis(host, spec),
    setRedisUsers: (key, users) => setRedisUsers(host, key, users),
    copyRedis: (copy) => copyRedis(host, copy),
    forgetWorkers: (workers) => forgetWorkers(host, workers),
    disconnectRedis: (key, environmentIds) => disconnectRedis(host, key, environmentIds),
    removeRedis: (key) => removeRedis(host, key),
    listRedis: () => listRedis(host),
    ensureVolume: (spec, signal) => ensureVolume(host, spec, signal),
    growVolume: (wish) => growVolume(host, wish),
    removeVolume: (key) => removeVolume(host, key),
    measureDisk: (known) => measureDisk(host, known.cacheKeys),
    askApp: (question) => askApp(host, question),
    freeSpace: () => freeSpace(host.settings.disksDirectory),
    removeImage: (image) => removeImage(host, image),
    removeCache: (name) => removeCache(host.settings.disksDirectory, name),
    collectRegistry: () => collectRegistry(host),
    watch: (onEvent, signal) => watchEvents(host, ({ appId }) => onEvent({ appId }), signal),
  };
}

/** Every verb tells a daemon that is away by a TransientError. */
function guard<Engine extends object>(engine: Engine): Engine {
  const guarded = Object.entries(engine).map(([verb, run]) => [
    verb,
    (...args: unknown[]) =>
      (run as (...args: unknown[]) => Promise<unknown>)(...args).catch((error: unknown) => {
        throw asEngineError(error);
      }),
  ]);
  return Object.fromEntries(guarded) as Engine;
}

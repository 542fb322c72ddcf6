import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineSocket, openEngineSocket } from './engine-socket.js';
import type { OneOffResult, ReleaseEngine } from './interface.js';
import { openTerminal } from './terminal-client.js';

/** The releaser's end of `release/engine.sock`. Errors keep their kind; an engine that is away is a TransientError. */
export function openReleaseEngine(socketPath: string): ReleaseEngine & { close: () => Promise<void> } {
  const socket = openEngineSocket(socketPath);
  const terminals = openEngineSocket(socketPath); // each holds connections for hours: they are not taken from the other verbs
  return {
    ensureNetwork: (network) => socket.call('ensureNetwork', [network]),
    removeNetwork: (environmentId) => socket.call('removeNetwork', [environmentId]),
    pullImage: (image) => socket.call('pullImage', [image]),
    startInstance: (group, index) => socket.call('startInstance', [group, index]),
    restartInstance: (key) => socket.call('restartInstance', [key]),
    freezeInstances: (containerIds) => socket.call('freezeInstances', [containerIds]),
    thawInstances: (containerIds) => socket.call('thawInstances', [containerIds]),
    pushOutInstances: (containerIds) => socket.call('pushOutInstances', [containerIds]),
    stopInstance: (key, graceMs) => socket.call('stopInstance', [key, graceMs]),
    readUsage: (containerIds) => socket.call('readUsage', containerIds ? [containerIds] : []),
    readActivity: () => socket.call('readActivity', []),
    removeInstance: (key, graceMs) => socket.call('removeInstance', [key, graceMs]),
    listInstances: (filter) => socket.call('listInstances', [filter ?? {}]),
    lastLines: (key, count) => socket.call('lastLines', [key, count]),
    saysBusy: (containerIds) => socket.call('saysBusy', [containerIds]),
    listeningSockets: (key) => socket.call('listeningSockets', [key]),
    runOneOff: (spec, onOutput, signal, onStarted) => {
      const decoder = new StringDecoder('utf8'); // a character may be cut by a chunk's end
      const output = (chunk: Buffer) => onOutput(decoder.write(chunk));
      const event = (started: unknown) => onStarted?.((started as { containerId: string }).containerId);
      return socket.follow<OneOffResult>('runOneOff', [spec], { output, event }, signal);
    },
    removeOneOff: (key) => socket.call('removeOneOff', [key]),
    openTerminal: (spec) => openTerminal(terminals, spec),
    ensureRedis: (spec) => socket.call('ensureRedis', [spec]),
    setRedisUsers: (key, users) => socket.call('setRedisUsers', [key, users]),
    copyRedis: (copy) => socket.call('copyRedis', [copy]),
    forgetWorkers: (workers) => socket.call('forgetWorkers', [workers]),
    disconnectRedis: (key, environmentIds) => socket.call('disconnectRedis', [key, environmentIds]),
    removeRedis: (key) => socket.call('removeRedis', [key]),
    listOthers: () => socket.call('listOthers', []),
    listRedis: () => socket.call('listRedis', []),
    ensureVolume: (spec) => socket.call('ensureVolume', [spec]),
    growVolume: (wish) => socket.call('growVolume', [wish]),
    removeVolume: (key) => socket.call('removeVolume', [key]),
    measureDisk: (known) => socket.call('measureDisk', [known]),
    askApp: async (question) => (await socket.call<number | null>('askApp', [question])) ?? undefined,
    freeSpace: () => socket.call('freeSpace', []),
    removeImage: (image) => socket.call('removeImage', [image]),
    removeCache: (name) => socket.call('removeCache', [name]),
    collectRegistry: () => socket.call('collectRegistry', []),
    watch: (onEvent, signal) => watch(socket, onEvent, signal),
    close: async () => void (await Promise.all([socket.close(), terminals.close()])),
  };
}

const reconnectMs = 500;

async function watch(socket: EngineSocket, onEvent: (event: { appId: string }) => void, signal: AbortSignal) {
  const event = (value: unknown) => onEvent(value as { appId: string });
  while (!signal.aborted) {
    // The host process may be restarted at any time; what happened meanwhile is found by the reconcile loop.
    await socket.follow('watch', [], { event }, signal).catch(() => {});
    await sleep(reconnectMs, undefined, { signal }).catch(() => {});
  }
}

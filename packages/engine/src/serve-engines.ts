import type { Readable } from 'node:stream';
import type { BuildEngine, ReleaseEngine } from './interface.js';
import { serveTerminals } from './serve-terminals.js';
import { type OnVerbError, serveVerbs, type Verb } from './serve-verbs.js';

/** Serves the builder's verbs on `socketPath`. */
export function serveBuildEngine(socketPath: string, engine: BuildEngine, onError: OnVerbError) {
  const verbs: Record<keyof BuildEngine, Verb> = {
    openJail: { kind: 'call', run: async ({ args: [spec], signal }) => openUnlessGone(engine, spec, signal) },
    prepareJail: { kind: 'call', run: ({ args: [shape] }) => engine.prepareJail(shape) },
    putArchive: {
      kind: 'send',
      run: ({ args: [jailId, directory, first] }, body: Readable) => engine.putArchive(jailId, directory, body, first),
    },
    exec: {
      kind: 'follow',
      run: ({ args: [jailId, command], output, signal }) => engine.exec(jailId, command, output, signal),
    },
    getArchive: {
      kind: 'receive',
      run: ({ args: [jailId, directory, first] }) => engine.getArchive(jailId, directory, first),
    },
    closeJail: { kind: 'call', run: ({ args: [jailId] }) => engine.closeJail(jailId) },
    listJails: { kind: 'call', run: () => engine.listJails() },
    pullImage: { kind: 'call', run: ({ args: [image] }) => engine.pullImage(image) },
  };
  return serveVerbs(socketPath, verbs, onError);
}

/** A jail that nobody will hear of is closed again: its builder died while it was made. */
async function openUnlessGone(engine: BuildEngine, spec: Parameters<BuildEngine['openJail']>[0], signal: AbortSignal) {
  const jail = await engine.openJail(spec);
  if (signal.aborted) await engine.closeJail(jail.jailId);
  return jail;
}

/** Serves the releaser's verbs on `socketPath`. */
export function serveReleaseEngine(socketPath: string, engine: ReleaseEngine, onError: OnVerbError) {
  const verbs: Record<Exclude<keyof ReleaseEngine, 'openTerminal'>, Verb> = {
    ensureNetwork: { kind: 'call', run: ({ args: [network] }) => engine.ensureNetwork(network) },
    removeNetwork: { kind: 'call', run: ({ args: [environmentId] }) => engine.removeNetwork(environmentId) },
    pullImage: { kind: 'call', run: ({ args: [image] }) => engine.pullImage(image) },
    startInstance: { kind: 'call', run: ({ args: [group, index] }) => engine.startInstance(group, index) },
    restartInstance: { kind: 'call', run: ({ args: [key] }) => engine.restartInstance(key) },
    freezeInstances: { kind: 'call', run: ({ args: [ids] }) => engine.freezeInstances(ids) },
    thawInstances: { kind: 'call', run: ({ args: [ids] }) => engine.thawInstances(ids) },
    pushOutInstances: { kind: 'call', run: ({ args: [ids] }) => engine.pushOutInstances(ids) },
    stopInstance: { kind: 'call', run: ({ args: [key, graceMs] }) => engine.stopInstance(key, graceMs) },
    readUsage: { kind: 'call', run: ({ args: [ids] }) => engine.readUsage(ids) },
    readActivity: { kind: 'call', run: () => engine.readActivity() },
    removeInstance: { kind: 'call', run: ({ args: [key, graceMs] }) => engine.removeInstance(key, graceMs) },
    listInstances: { kind: 'call', run: ({ args: [filter] }) => engine.listInstances(filter) },
    lastLines: { kind: 'call', run: ({ args: [key, count] }) => engine.lastLines(key, count) },
    saysBusy: { kind: 'call', run: ({ args: [ids] }) => engine.saysBusy(ids) },
    listeningSockets: { kind: 'call', run: ({ args: [key] }) => engine.listeningSockets(key) },
    runOneOff: {
      kind: 'follow',
      run: ({ args: [spec], output, event, signal }) =>
        engine.runOneOff(
          spec,
          (text) => output(Buffer.from(text)),
          signal,
          (containerId) => void event({ containerId }),
        ),
    },
    removeOneOff: { kind: 'call', run: ({ args: [key] }) => engine.removeOneOff(key) },
    ensureRedis: { kind: 'call', run: ({ args: [spec] }) => engine.ensureRedis(spec) },
    setRedisUsers: { kind: 'call', run: ({ args: [key, users] }) => engine.setRedisUsers(key, users) },
    copyRedis: { kind: 'call', run: ({ args: [copy] }) => engine.copyRedis(copy) },
    forgetWorkers: { kind: 'call', run: ({ args: [workers] }) => engine.forgetWorkers(workers) },
    disconnectRedis: { kind: 'call', run: ({ args: [key, ids] }) => engine.disconnectRedis(key, ids) },
    removeRedis: { kind: 'call', run: ({ args: [key] }) => engine.removeRedis(key) },
    listOthers: { kind: 'call', run: () => engine.listOthers() },
    listRedis: { kind: 'call', run: () => engine.listRedis() },
    ensureVolume: { kind: 'call', run: ({ args: [spec], signal }) => engine.ensureVolume(spec, signal) },
    growVolume: { kind: 'call', run: ({ args: [wish] }) => engine.growVolume(wish) },
    removeVolume: { kind: 'call', run: ({ args: [key] }) => engine.removeVolume(key) },
    measureDisk: { kind: 'call', run: ({ args: [known] }) => engine.measureDisk(known) },
    askApp: { kind: 'call', run: ({ args: [question] }) => engine.askApp(question) },
    freeSpace: { kind: 'call', run: () => engine.freeSpace() },
    removeImage: { kind: 'call', run: ({ args: [image] }) => engine.removeImage(image) },
    removeCache: { kind: 'call', run: ({ args: [name] }) => engine.removeCache(name) },
    collectRegistry: { kind: 'call', run: () => engine.collectRegistry() },
    watch: { kind: 'follow', run: ({ event, signal }) => engine.watch(event, signal) },
  };
  return serveVerbs(socketPath, { ...verbs, ...serveTerminals(engine) }, onError);
}

import { openEngineSocket } from './engine-socket.js';
import type { BuildEngine, JailResult } from './interface.js';

/** The builder's end of `build/engine.sock`. Errors keep their kind; an engine that is away is a TransientError. */
export function openBuildEngine(socketPath: string): BuildEngine & { close: () => Promise<void> } {
  const socket = openEngineSocket(socketPath);
  return {
    openJail: (spec) => socket.call('openJail', [spec]),
    prepareJail: (shape) => socket.call('prepareJail', [shape]),
    putArchive: (jailId, directory, tar, first = []) => socket.send('putArchive', [jailId, directory, first], tar),
    exec: (jailId, command, onOutput, signal) =>
      socket.follow<JailResult>('exec', [jailId, command], { output: onOutput }, signal),
    getArchive: (jailId, directory, first = []) => socket.receive('getArchive', [jailId, directory, first]),
    closeJail: (jailId) => socket.call('closeJail', [jailId]),
    listJails: () => socket.call('listJails', []),
    pullImage: (image) => socket.call('pullImage', [image]),
    close: socket.close,
  };
}

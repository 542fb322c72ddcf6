import { duplexPair, PassThrough } from 'node:stream';
import type { EngineSocket } from './engine-socket.js';
import type { Terminal, TerminalSpec } from './interface.js';
import { writeWhenRoom } from './write-when-room.js';

/** The caller's end of a terminal (serve-terminals.ts). */
export function openTerminal(socket: EngineSocket, spec: TerminalSpec): Promise<Terminal> {
  const gone = new AbortController();
  const [stream, far] = duplexPair();
  const stderr = new PassThrough();
  stream.on('close', () => {
    gone.abort(new Error('the terminal was closed'));
    far.destroy();
    stderr.destroy();
  });
  return new Promise((resolve, reject) => {
    const begin = ({ id }: { id: string }) => {
      // What is wrong with the input shows in the exit.
      socket.send('sendToTerminal', [id], far.pipe(new PassThrough())).catch(() => {});
      const resize = (columns: number, lines: number) => socket.call<void>('resizeTerminal', [id, columns, lines]);
      resolve({ stream, stderr, resize, exit });
    };
    const on = {
      output: (chunk: Buffer) => writeWhenRoom(far, chunk),
      stderr: (chunk: Buffer) => writeWhenRoom(stderr, chunk),
      event: (event: unknown) => begin(event as { id: string }),
    };
    const exit = socket.follow<number>('openTerminal', [spec], on, gone.signal);
    exit.then(
      () => {
        far.end();
        stderr.end();
      },
      (error: unknown) => {
        reject(error);
        stream.destroy();
      },
    );
  });
}

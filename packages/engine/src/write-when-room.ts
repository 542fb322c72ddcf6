import type { Writable } from 'node:stream';

/** Writes and resolves when there is room for more, or nobody is left to write to. */
export async function writeWhenRoom(writable: Writable, chunk: Buffer): Promise<void> {
  if (writable.destroyed || writable.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      writable.off('drain', done).off('close', done);
      resolve();
    };
    writable.on('drain', done).on('close', done);
  });
}

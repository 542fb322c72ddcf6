import { PassThrough, type Readable } from 'node:stream';
import type { DockerHost } from './docker-host.js';
import { execIn, runIn } from './exec.js';
import type { Jail } from './make-jail.js';

/** A fixed script with the directory as its argument: made when missing, then tar below it. */
const unpackScript = 'mkdir -p "$1" && exec tar --extract --preserve-permissions --directory "$1" --file -';

/** Unpacks as the jail's user by its own tar: nothing of ours touches what a customer wrote. */
export async function putArchive(host: DockerHost, jail: Jail, directory: string, tar: Readable): Promise<void> {
  const argv = ['/bin/sh', '-c', unpackScript, 'sh', directory];
  await runIn(host.docker.getContainer(jail.containerId), { argv, input: tar });
}

/** tar(1): 1 means that some files changed while they were read; they are in the archive. */
const exitCodeMax = 1;

/** Packs by the jail's own tar; the stream ends in an error when that fails, never just early. */
export function getArchive(host: DockerHost, jail: Jail, directory: string): Readable {
  const archive = new PassThrough();
  const write = async (chunk: Buffer) => {
    if (archive.destroyed) throw new Error('The reader of the archive went away.');
    if (!archive.write(chunk)) await drainedOrClosed(archive);
  };
  const argv = ['tar', '--create', '--sort=name', '--numeric-owner', '--directory', directory, '--file', '-', '.'];
  execIn(host.docker.getContainer(jail.containerId), { argv }, (stream, chunk) =>
    stream === 'stdout' ? write(chunk) : undefined,
  ).then(
    ({ exitCode, stderr }) =>
      exitCode <= exitCodeMax ? archive.end() : archive.destroy(new Error(`tar ended with ${exitCode}: ${stderr}`)),
    (error: Error) => archive.destroy(error),
  );
  return archive;
}

/** Leaves no listener behind, however often the reader is slow. */
function drainedOrClosed(archive: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      archive.off('drain', done).off('close', done);
      resolve();
    };
    archive.on('drain', done).on('close', done);
  });
}

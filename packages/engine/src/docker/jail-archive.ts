import { PassThrough, type Readable } from 'node:stream';
import type { DockerHost } from './docker-host.js';
import { execIn, runIn } from './exec.js';
import type { Jail } from './make-jail.js';

/** Fixed scripts; the arguments: the directory, and a command that comes first. */
const runFirst = 'directory=$1; shift; [ $# -eq 0 ] || "$@" </dev/null >&2 || exit 3';
const unpackScript = `${runFirst}; mkdir -p "$directory" && exec tar --extract --preserve-permissions --directory "$directory" --file -`;
const packScript = `${runFirst}; exec tar --create --sort=name --numeric-owner --directory "$directory" --file - .`;

/** Unpacks as the jail's user by its own tar: nothing of ours touches what a customer wrote. */
export async function putArchive(
  host: DockerHost,
  jail: Jail,
  { directory, tar, first = [] }: { directory: string; tar: Readable; first?: readonly string[] | undefined },
): Promise<void> {
  const argv = ['/bin/sh', '-c', unpackScript, 'sh', directory, ...first];
  await runIn(host.docker.getContainer(jail.containerId), { argv, input: tar });
}

/** tar(1): some files changed while they were read; they are in the archive. */
const someChanged = 1;

/** Packs by the jail's own tar; the stream ends in an error when that fails, never just early. */
export function getArchive(
  host: DockerHost,
  jail: Jail,
  { directory, first = [] }: { directory: string; first?: readonly string[] | undefined },
): Readable {
  const archive = new PassThrough();
  const write = async (chunk: Buffer) => {
    if (archive.destroyed) throw new Error('The reader of the archive went away.');
    if (!archive.write(chunk)) await drainedOrClosed(archive);
  };
  const argv = ['/bin/sh', '-c', packScript, 'sh', directory, ...first];
  execIn(host.docker.getContainer(jail.containerId), { argv }, (stream, chunk) =>
    stream === 'stdout' ? write(chunk) : undefined,
  ).then(
    ({ exitCode, stderr }) =>
      exitCode === 0 || exitCode === someChanged
        ? archive.end()
        : archive.destroy(new Error(`tar ended with ${exitCode}: ${stderr}`)),
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

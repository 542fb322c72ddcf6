import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TransientError } from '@berth/domain/errors';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { PushedImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { z } from 'zod';

const stackState = z.object({
  /** dpkg's list of installed packages, as it lies in the stack. */
  status: z.string(),
  /** Symlinks of the stack and where they lead. */
  links: z.record(z.string(), z.string()),
  /** File names of its shared libraries. */
  libraries: z.array(z.string()),
});

/** What a layer of Debian packages has to know of the stack that it will lie on. */
export type StackState = z.infer<typeof stackState>;

const statusPath = 'var/lib/dpkg/status';

/** Reads the stack's one layer in the registry (2 s), and keeps what it found in `directory`. */
export async function readStackState(registry: Registry, stack: PushedImage, directory: string): Promise<StackState> {
  const [layer] = stack.layers;
  if (!layer) throw new Error(`the stack ${stack.repository} has no layer`);
  const path = join(directory, `stack-${layer.diffId.replace(':', '-')}.json`);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return stackState.parse(JSON.parse(kept));
  const state = await readLayer(registry, stack.repository, layer.digest);
  await mkdir(directory, { recursive: true });
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, JSON.stringify(state));
  await rename(part, path);
  return state;
}

async function readLayer(registry: Registry, repository: string, digest: string): Promise<StackState> {
  const blob = await registry.getBlob(repository, digest);
  if (!blob) throw new TransientError(`the stack's layer ${digest} is not in ${repository}`);
  const links: Record<string, string> = {};
  const libraries = new Set<string>();
  const tree = await normaliseTar(
    pipeline(blob, createGunzip(), () => {}),
    { bytesMax: 64 * 1024 ** 2, entriesMax: 200_000 },
    {
      leaveOut: ({ name, type, linkname }) => {
        if (type === 'symlink') links[name] = linkname ?? '';
        if (isLibrary(name)) libraries.add(name.slice(name.lastIndexOf('/') + 1));
        return name !== statusPath;
      },
    },
  );
  try {
    const status = await tree.read(statusPath);
    if (!status) throw new Error(`the stack ${repository} has no ${statusPath}`);
    return { status: status.toString(), links, libraries: [...libraries].sort() };
  } finally {
    await tree.close();
  }
}

/** `libz.so.1`, `ld-linux-x86-64.so.2` */
export const isLibrary = (path: string): boolean => /\.so(\.[^/]*)?$/.test(path);

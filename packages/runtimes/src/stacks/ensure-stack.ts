import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileTree } from '@berth/images/file-tree';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { berth13, stackRecipe, stackRepository } from './berth-13.js';
import { makeStack } from './make-stack.js';
import { packagesOfStatus } from './packages-of-status.js';

/**
 * The newest stack as it lies in the registry, or that of a version (the day it was made); undefined when it is not there
 * or was made by another recipe.
 */
export async function findStack(registry: Registry, version = 'latest'): Promise<PushedImage | undefined> {
  const image = await readImage(registry, stackRepository, version);
  return image?.config.labels['berth.recipe'] === stackRecipe ? image : undefined;
}

/**
 * Makes sure that `stack/berth-13:latest` is in the registry. When it is not: packs the tar at `tarPath` (one that
 * makeStack wrote), which is made first when there is none. Idempotent.
 */
export async function ensureStack(options: { registry: Registry; tarPath: string }): Promise<PushedImage> {
  const known = await findStack(options.registry);
  if (known?.config.labels['berth.packages']) return known;
  if (!existsSync(options.tarPath)) await makeStack({ tarPath: options.tarPath });
  return pushStack(options);
}

/**
 * Packs the tar at `tarPath` and pushes it as the newest stack and under its version, the day on which it was made; a
 * second one of a day is `20261121.2`. The one before stays under its own.
 */
export async function pushStack(options: {
  registry: Registry;
  tarPath: string;
  /** The newest stack so far: one of the same packages is not pushed again. */
  known?: PushedImage | undefined;
  /** A file that makes the layer another one, though no package of the stack differs: runtimes are then made anew upon it. */
  stamp?: string | undefined;
}): Promise<PushedImage> {
  const { registry, known, stamp } = options;
  const tree = await normaliseTar(
    createReadStream(options.tarPath),
    { bytesMax: 4 * 1024 ** 3, entriesMax: 200_000 },
    { leaveOut: (header) => isLeftOut(header.name.replace(/^\.?\//, ''), header.type) },
  );
  try {
    const packages = JSON.stringify(packagesOfStatus((await tree.read('var/lib/dpkg/status'))?.toString() ?? ''));
    if (known?.config.labels['berth.packages'] === packages && stamp === undefined) return known;
    const layer = await writeLayer(await stackEntries(tree, stamp), 'small');
    try {
      const { mtime } = await stat(options.tarPath);
      const version = await versionOf(registry, mtime, layer.diffId);
      const config = {
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
        cmd: ['/bin/bash'],
        labels: {
          'berth.stack': berth13.name,
          'berth.version': version,
          'berth.packages': packages,
          'berth.recipe': stackRecipe,
        },
      };
      const image = { repository: stackRepository, layers: [{ layer }], config };
      await pushImage(registry, { ...image, tag: version });
      return await pushImage(registry, { ...image, tag: 'latest' });
    } finally {
      await layer.dispose();
    }
  } finally {
    await tree.close();
  }
}

/** `20261121`, or `20261121.2` when that is the name of another one already. */
async function versionOf(registry: Registry, made: Date, diffId: string): Promise<string> {
  const day = made.toISOString().slice(0, 10).replaceAll('-', '');
  for (let count = 1; ; count += 1) {
    const version = count === 1 ? day : `${day}.${count}`;
    const taken = await readImage(registry, stackRepository, version);
    if (!taken || taken.layers[0]?.diffId === diffId) return version;
  }
}

/** Devices are the container's own, the rest differs from one making to the next or is the host's. */
function isLeftOut(path: string, type: string): boolean {
  return (
    type === 'character-device' ||
    type === 'block-device' ||
    /^(dev|proc|sys|run)\/./.test(path) ||
    /^(etc\/(resolv\.conf|hostname|machine-id)|var\/(log|cache)\/.*[^/]|var\/lib\/dpkg\/[^/]*-old)$/.test(path)
  );
}

/** The tar's files, with the customer's user (DESIGN: runtimes never carry /etc/passwd) and its home. */
async function stackEntries(tree: FileTree, stamp: string | undefined): Promise<LayerEntry[]> {
  const added: Record<string, string> = {
    'etc/passwd': `app:x:${appUser.uid}:${appUser.gid}:app:/app:/bin/bash\n`,
    'etc/group': `app:x:${appUser.gid}:\n`,
    'etc/shadow': 'app:!:20089::::::\n',
  };
  const entries = await Promise.all(
    tree.toRootEntries().map(async (entry) => {
      const line = added[entry.path];
      if (line === undefined) return entry;
      const content = Buffer.concat([(await tree.read(entry.path)) ?? Buffer.alloc(0), Buffer.from(line)]);
      return { ...entry, content, sizeBytes: content.length };
    }),
  );
  const content = Buffer.from(`${stamp}\n`);
  const stamped: LayerEntry = { path: 'etc/berth-stack', type: 'file', mode: 0o644, uid: 0, gid: 0, content };
  return [
    ...entries,
    { path: 'app', type: 'directory', mode: 0o755, ...appUser },
    ...(stamp === undefined ? [] : [{ ...stamped, sizeBytes: content.length }]),
  ];
}

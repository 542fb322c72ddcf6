import type { UnpackPackage, UnpackPlan } from '@berth/buildpacks/node/plan-unpack';
import { appUser, type LayerEntry, type PackedLayer } from '@berth/images/layer';
import { Spool } from '@berth/images/spool';
import { writeLayer } from '@berth/images/write-layer';
import { fetchTarball, type NpmRegistry } from '@berth/runtimes/npm/npm-registry';
import { gunzipPackage, packageTree } from '@berth/runtimes/npm/package-tree';

/** Downloads side by side. */
const fetchesMax = 24;

/**
 * Makes the layer of a lockfile's packages without running anything: tarballs, checked by their integrity, unpacked as
 * hostile input straight into the layer. Throws when a package is not in the registry, or is not only to be unpacked, and on
 * more than `bytesMax` bytes in all (the jail's disk: what does not fit there would not fit into a layer either).
 */
export async function unpackDependencies(
  npm: NpmRegistry,
  { packages, links }: UnpackPlan,
  { bytesMax, signal }: { bytesMax: number; signal: AbortSignal },
): Promise<PackedLayer> {
  const spool = new Spool();
  try {
    const commands = new Set(links.map(({ path, target }) => resolveLink(path, target)));
    const entries: LayerEntry[] = [];
    for await (const [one, tar] of fetched(npm, packages)) {
      signal.throwIfAborted();
      const tree = await packageTree(tar, spool);
      if (spool.sizeBytes > bytesMax) throw new Error(`the packages have more than ${bytesMax} bytes`);
      if (tree.entries.has('binding.gyp')) throw new Error(`${one.name} has to be compiled`);
      const added = tree.toLayerEntries(`app/${one.path}`, appUser);
      entries.push(...added.map((entry) => (commands.has(entry.path) ? { ...entry, mode: 0o755 } : entry)));
    }
    for (const { path, target } of links)
      entries.push({ path: `app/${path}`, type: 'symlink', mode: 0o777, ...appUser, linkTarget: target });
    return await writeLayer(withOwnedParents(entries));
  } finally {
    await spool.close();
  }
}

/**
 * Plain tars in the order of `packages`; up to `fetchesMax` are on their way at a time. Each is unpacked when its turn comes:
 * a few bytes may become half a gigabyte, and one of those at a time is enough.
 */
async function* fetched(npm: NpmRegistry, packages: readonly UnpackPackage[]): AsyncGenerator<[UnpackPackage, Buffer]> {
  const pending: Promise<Buffer>[] = [];
  for (let next = 0, done = 0; done < packages.length; done += 1) {
    for (; next < packages.length && next < done + fetchesMax; next += 1) {
      const tarball = fetchTarball(npm, packages[next]!);
      tarball.catch(() => {}); // said when its turn comes
      pending.push(tarball);
    }
    yield [packages[done]!, await gunzipPackage(await pending[done]!)];
    pending[done] = Promise.resolve(Buffer.alloc(0)); // its bytes are in the spool now
  }
}

/** `app/node_modules/.bin/x` + `../y/bin/x` → `app/node_modules/y/bin/x` */
function resolveLink(path: string, target: string): string {
  return `app/${path.slice(0, path.lastIndexOf('.bin/'))}${target.slice('../'.length)}`;
}

/** The directories above the packages belong to the app's user, as the rest of the app does. */
function withOwnedParents(entries: readonly LayerEntry[]): LayerEntry[] {
  const known = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const parent = path.slice(0, at);
      if (!known.has(parent)) known.set(parent, { path: parent, type: 'directory', mode: 0o755, ...appUser });
    }
  return [...known.values()];
}

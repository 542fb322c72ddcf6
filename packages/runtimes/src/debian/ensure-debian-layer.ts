import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Layer, LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { Spool } from '@berth/images/spool';
import { writeLayer } from '@berth/images/write-layer';
import { z } from 'zod';
import type { RuntimeParts } from '../runtime.js';
import { fetchPackages } from './fetch-packages.js';
import { isLeftOut } from './left-out.js';
import { missingLibraries } from './missing-libraries.js';
import { debianDirectory, openApt } from './open-apt.js';
import { placeEntries } from './place-entries.js';
import { isLibrary, readStackState, type StackState } from './read-stack-state.js';
import { type DebianPackage, resolvePackages } from './resolve-packages.js';
import { unpackPackage } from './unpack-package.js';

/** Raised when the layer is made in another way. */
const recipe = '1';

/** A layer of Debian packages. */
export interface DebianWish {
  /** Says what it is: `python`, `toolchain`. */
  name: string;
  /** Debian's names; what they depend on comes with them. */
  packages: readonly string[];
  /** Other layers of packages that this one will lie on: what they hold is not put in again. */
  below?: readonly DebianLayer[];
  /**
   * Build images may replace packages of the stack by newer ones (a header package wants its library's very version).
   * In a layer that is shipped this would undo the next patch of the stack: it is refused.
   */
  isShipped: boolean;
  /** What comes along and is not used: names of packages, beginnings of paths. */
  without?: { packages?: readonly string[]; paths?: readonly string[] };
  /** Libraries that may be missing, because what needs them is not used. */
  mayLack?: readonly string[];
  /** What the packages' own scripts would do, which are never run. */
  link?: {
    /** Raised when it does something else. */
    version: string;
    /** Returns entries to be added, or put in the place of those with the same path. */
    entries: (files: ReadonlyMap<string, LayerEntry>) => readonly LayerEntry[] | Promise<readonly LayerEntry[]>;
  };
}

/** A layer as it lies in the registry: hand it to pushImage as it is. */
export interface DebianLayer {
  layer: Layer;
  /** Its repository. */
  from: string;
  /** `name=version` of each package in it, sorted. */
  packages: readonly string[];
  /** File names of the shared libraries in it. */
  libraries: readonly string[];
}

/**
 * Makes sure that the layer of some Debian packages for this stack is in the registry, as `debian/<name>`. Packages are
 * resolved by apt against the stack's own list of packages, and unpacked without running anything of them (decision 6):
 * two that are made from the same packages have the same bytes. Cheap when it is there; a new stack means a new layer.
 */
export async function ensureDebianLayer(
  parts: Pick<RuntimeParts, 'registry' | 'stack'> & { sources: Pick<RuntimeParts['sources'], 'apt' | 'cacheDir'> },
  wish: DebianWish,
): Promise<DebianLayer> {
  const { registry, stack } = parts;
  const repository = `debian/${wish.name}`;
  const { packages, below, isShipped, mayLack, link, without } = wish;
  const stackLayers = stack.layers.map(({ diffId }) => diffId);
  const tag = createHash('sha256')
    .update(
      JSON.stringify([
        ...[recipe, stackLayers, packages, isShipped, mayLack, link?.version],
        ...(without ? [without] : []),
        below?.map(({ layer }) => layer.diffId),
      ]),
    )
    .digest('hex');
  const known = await readImage(registry, repository, tag);
  if (known) return toDebianLayer(known);
  const state = await readStackState(registry, stack, debianDirectory(parts.sources));
  const spool = new Spool();
  try {
    const made = await makeEntries(parts.sources, wish, state, spool);
    const layer = await writeLayer(made.entries, wish.isShipped ? 'small' : 'fast');
    const labels = {
      'berth.packages': JSON.stringify(made.packages),
      'berth.libraries': JSON.stringify(made.libraries),
      'berth.recipe': recipe,
    };
    const image = { repository, tag, layers: [{ layer }], config: { env: {}, labels } };
    return toDebianLayer(await pushImage(registry, image).finally(layer.dispose));
  } finally {
    await spool.close();
  }
}

function toDebianLayer({ repository, layers, config }: PushedImage): DebianLayer {
  const list = (label: string) => z.array(z.string()).parse(JSON.parse(config.labels[label] ?? ''));
  return {
    layer: layers[0]!,
    from: repository,
    packages: list('berth.packages'),
    libraries: list('berth.libraries'),
  };
}

async function makeEntries(
  sources: Pick<RuntimeParts['sources'], 'apt' | 'cacheDir'>,
  wish: DebianWish,
  state: StackState,
  spool: Spool,
): Promise<{ entries: LayerEntry[]; packages: string[]; libraries: string[] }> {
  const apt = await openApt({ sources, status: state.status });
  try {
    const packages = choosePackages(wish, await resolvePackages(apt, wish.packages), state);
    const files = await fetchPackages(apt, packages, join(debianDirectory(sources), 'packages'));
    const unpacked: LayerEntry[] = [];
    for (const [one, path] of files) unpacked.push(...(await unpackPackage(path, one, spool)));
    const placed = placeEntries(unpacked, state.links);
    for (const path of placed.keys()) if (wish.without?.paths?.some((one) => path.startsWith(one))) placed.delete(path);
    for (const entry of (await wish.link?.entries(placed)) ?? []) placed.set(entry.path, entry);
    await checkLibraries(wish, placed, state);
    const libraries = [...placed.keys()].filter(isLibrary).map((path) => path.slice(path.lastIndexOf('/') + 1));
    return {
      entries: [...placed.values()],
      packages: packages.map(nameAndVersion),
      libraries: [...new Set(libraries)].sort(),
    };
  } finally {
    await apt.close();
  }
}

/** What of apt's answer goes into the layer. */
function choosePackages(wish: DebianWish, resolved: readonly DebianPackage[], state: StackState): DebianPackage[] {
  const below = new Set(wish.below?.flatMap((layer) => layer.packages));
  const unwanted = new Set(wish.without?.packages);
  const chosen = resolved.filter(
    (one) => !isLeftOut(one.name) && !unwanted.has(one.name) && !below.has(nameAndVersion(one)),
  );
  const installed = new Set([...state.status.matchAll(/^Package: (\S+)$/gm)].map((match) => match[1]!));
  const replaced = chosen.filter(({ name }) => installed.has(name));
  if (wish.isShipped && replaced.length > 0)
    throw new Error(
      `The stack is older than the Debian packages of ${wish.name}: it has an old ${replaced.map(({ name }) => name).join(', ')}. Make it anew.`,
    );
  return chosen;
}

const nameAndVersion = ({ name, version }: DebianPackage) => `${name}=${version}`;

/** A wrong leave-out shows here, not in a container that does not start. */
async function checkLibraries(wish: DebianWish, placed: ReadonlyMap<string, LayerEntry>, state: StackState) {
  const below = wish.below?.flatMap(({ libraries }) => libraries) ?? [];
  const missing = await missingLibraries(placed.values(), [...state.libraries, ...below, ...(wish.mayLack ?? [])]);
  if (missing.length === 0) return;
  const shown = missing.slice(0, 5).map(({ library, neededBy }) => `${library} for ${neededBy}`);
  throw new Error(`The Debian packages of ${wish.name} lack ${missing.length} libraries: ${shown.join(', ')}`);
}

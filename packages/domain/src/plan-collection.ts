/** A manifest of the registry as a collection sees it. */
export interface RegistryManifest {
  repository: string;
  digest: string;
  /** When it was written last, ms since 1970. */
  modifiedAt: number;
  /** That point at it now. */
  tags: readonly string[];
  /** Manifest digest that it is about (OCI 1.1 `subject`): an SBOM, a provenance record. */
  subject: string | null;
  /** Its configuration and its layers. */
  blobs: readonly { digest: string; bytes: number }[];
}

/** What the rows still need of the registry. */
export interface RegistryNeeds {
  /** `app/<repository id>` → manifest digests of images that are kept. A repository that is not here is nobody's. */
  images: ReadonlyMap<string, ReadonlySet<string>>;
  /** `source/<repository id>` → commits whose archive is kept. */
  sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** `dependencies/<team id>` → tags of cached layers that are kept. */
  dependencies: ReadonlyMap<string, ReadonlySet<string>>;
  /** Manifest digests of the stacks and runtimes that kept images name: a rebase compares with them. */
  bases: ReadonlySet<string>;
  /** Ids of apps that people may push ready images to (`pushed/<app id>`, and below it one per process type). */
  uploads: ReadonlySet<string>;
}

export interface CollectionTimes {
  /** ms since 1970 */
  now: number;
  /** Nothing that was written in this time goes: its row may not be there yet. */
  graceMs: number;
  /** A runtime, tool or build image that no kept image has layers of goes when nobody wrote or used it for so long. */
  basesKeptMs: number;
}

/** Repositories of what images are built upon. */
const baseRooms = new Set(['stack', 'runtime', 'build', 'tool', 'debian', 'mirror']);
/** Repositories of one app, service or team. */
const ours = new Set(['app', 'source', 'dependencies', 'pushed']);
/** Of the bases, the ones that hold layers of images: the others only serve builds. */
const shipped = new Set(['runtime', 'debian']);
/** How artifacts beside an image are tagged where there is no `subject`. */
const besideTag = /^sha256-([0-9a-f]{64})\./;

/**
 * The manifests that nothing refers to. Repositories of other people's making are left alone. What is kept keeps what is
 * beside it (SBOM, provenance).
 */
export function planCollection(
  manifests: readonly RegistryManifest[],
  needs: RegistryNeeds,
  times: CollectionTimes,
): RegistryManifest[] {
  const isYoung = ({ modifiedAt }: RegistryManifest) => times.now - modifiedAt < times.graceMs;
  const isNeeded = needsOf(needs);
  const needed = keepBeside(
    manifests,
    manifests.filter((one) => isNeeded(one)),
  );
  const usedBlobs = new Set([...needed].flatMap(({ blobs }) => blobs.map(({ digest }) => digest)));
  return manifests.filter((one) => {
    if (needed.has(one) || isYoung(one)) return false;
    const [room = ''] = one.repository.split('/');
    if (baseRooms.has(room)) return isBaseOver(one, room, usedBlobs, times);
    return ours.has(room);
  });
}

function needsOf(needs: RegistryNeeds): (manifest: RegistryManifest) => boolean {
  return ({ repository, digest, tags }) => {
    if (repository.startsWith('app/')) return needs.images.get(repository)?.has(digest) ?? false;
    if (repository.startsWith('source/')) return tags.some((tag) => needs.sources.get(repository)?.has(tag));
    if (repository.startsWith('dependencies/')) return tags.some((tag) => needs.dependencies.get(repository)?.has(tag));
    if (repository.startsWith('pushed/')) return tags.length > 0 && needs.uploads.has(repository.split('/')[1] ?? '');
    return needs.bases.has(digest);
  };
}

/** With what is about the kept ones, and about that in turn, and the images of a kept index (one per architecture). */
function keepBeside(all: readonly RegistryManifest[], kept: readonly RegistryManifest[]): Set<RegistryManifest> {
  const keyOf = (repository: string, digest: string) => `${repository}@${digest}`;
  const found = new Set<RegistryManifest>();
  const digests = new Set<string>();
  const parts = new Set<string>();
  const add = (one: RegistryManifest) => {
    found.add(one);
    digests.add(keyOf(one.repository, one.digest));
    for (const { digest } of one.blobs) parts.add(keyOf(one.repository, digest));
  };
  kept.forEach(add);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const one of all) {
      const isAbout = subjectsOf(one).some((subject) => digests.has(keyOf(one.repository, subject)));
      if (isAbout || parts.has(keyOf(one.repository, one.digest))) add(one);
    }
  }
  return found;
}

function subjectsOf({ subject, tags }: RegistryManifest): string[] {
  const byTag = tags.flatMap((tag) => besideTag.exec(tag)?.[1] ?? []).map((hex) => `sha256:${hex}`);
  return subject === null ? byTag : [subject, ...byTag];
}

/** The newest stack stays; a base whose tag moved on goes, since images hold its layers by their own manifests. */
function isBaseOver(
  { tags, modifiedAt, blobs }: RegistryManifest,
  room: string,
  usedBlobs: ReadonlySet<string>,
  { now, basesKeptMs }: CollectionTimes,
): boolean {
  if (tags.length === 0) return true;
  if (room === 'stack' && tags.includes('latest')) return false;
  if (now - modifiedAt < basesKeptMs) return false;
  return !(shipped.has(room) && blobs.some(({ digest }) => usedBlobs.has(digest)));
}

/**
 * Which cached layers of one team stay: the ones used last, up to `bytesMax`, and none that was not used for `keptMs`. Those
 * used within `graceMs` stay in any case: a build may have looked them up.
 */
export function planCachedLayers<L extends { sizeBytes: number; lastUsedAt: Date }>(
  layers: readonly L[],
  { now, graceMs, keptMs, bytesMax }: { now: number; graceMs: number; keptMs: number; bytesMax: number },
): { keep: L[]; remove: L[] } {
  const keep: L[] = [];
  const remove: L[] = [];
  let bytes = 0;
  for (const layer of layers.toSorted((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime())) {
    const age = now - layer.lastUsedAt.getTime();
    bytes += layer.sizeBytes;
    (age < graceMs || (age < keptMs && bytes <= bytesMax) ? keep : remove).push(layer);
  }
  return { keep, remove };
}

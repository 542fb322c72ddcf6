import type { RegistryManifest } from './plan-collection.js';

export type LedgerKind =
  | 'image'
  | 'layer'
  | 'source'
  | 'base'
  | 'registry'
  | 'host-layer'
  | 'container'
  | 'log'
  | 'cache'
  | 'jail'
  | 'volume'
  | 'output'
  | 'event'
  | 'log-stream';

/** One thing on the disk: whose it is, why it is there, what it takes. */
export interface LedgerEntry {
  kind: LedgerKind;
  name: string;
  team: string | null;
  app: string | null;
  reason: string;
  /** What has several owners is counted at the first of them. */
  bytes: number;
  /** What it needs besides, counted at others. */
  sharedBytes: number;
  /** Others that need what is counted here, the first few. */
  sharers: string[];
  /** A clean would remove it. */
  isOver: boolean;
  /** The volume that its bytes are part of, and counted at; null for what counts by itself. */
  within: string | null;
}

export interface DiskLedger {
  totalBytes: number;
  freeBytes: number;
  /** What this Berth takes: the sum of the entries that count by themselves. */
  usedBytes: number;
  /** What a clean would free now. */
  reclaimableBytes: number;
  entries: LedgerEntry[];
}

export interface LedgerOwner {
  team: string | null;
  app: string | null;
  name: string;
  reason: string;
}

const sharersMax = 5;
/** Who of several owners a blob is counted at: what others are built upon first. */
const roomOrder = ['stack', 'debian', 'runtime', 'tool', 'build', 'mirror', 'dependencies', 'app', 'pushed', 'source'];
const kinds: Record<string, LedgerKind> = { dependencies: 'layer', app: 'image', pushed: 'image', source: 'source' };

const roomOf = ({ repository }: { repository: string }) => repository.split('/')[0] ?? '';
const orderOf = (manifest: RegistryManifest) => (roomOrder.indexOf(roomOf(manifest)) + 99) % 99;

/** One entry per manifest, and one for what no manifest refers to; each blob is counted once. */
export function registryEntries(
  volume: { blobs: readonly { digest: string; bytes: number }[]; otherBytes: number },
  manifests: readonly RegistryManifest[],
  collected: ReadonlySet<RegistryManifest>,
  ownerOf: (manifest: RegistryManifest) => LedgerOwner,
): LedgerEntry[] {
  const onDisk = new Map(volume.blobs.map(({ digest, bytes }) => [digest, bytes]));
  const owners = new Map<string, RegistryManifest[]>();
  const inOrder = manifests.toSorted(
    (a, b) => Number(collected.has(a)) - Number(collected.has(b)) || orderOf(a) - orderOf(b),
  );
  const digestsOf = (one: RegistryManifest) => new Set([one.digest, ...one.blobs.map(({ digest }) => digest)]);
  for (const one of inOrder)
    for (const digest of digestsOf(one)) owners.set(digest, [...(owners.get(digest) ?? []), one]);
  const entries = inOrder.map((one): LedgerEntry => {
    const digests = [...digestsOf(one)];
    const counted = digests.filter((digest) => owners.get(digest)?.[0] === one);
    const others = new Set(
      counted.flatMap((digest) => owners.get(digest)!.slice(1)).map((other) => ownerOf(other).name),
    );
    const sum = (of: readonly string[]) => of.reduce((bytes, digest) => bytes + (onDisk.get(digest) ?? 0), 0);
    const { team, app, name, reason } = ownerOf(one);
    const bytes = sum(counted);
    return {
      kind: kinds[roomOf(one)] ?? 'base',
      ...{ name, team, app, reason },
      bytes,
      sharedBytes: sum(digests) - bytes,
      sharers: [...others].slice(0, sharersMax),
      isOver: collected.has(one),
      within: null,
    };
  });
  const loose = volume.blobs.reduce((bytes, blob) => (owners.has(blob.digest) ? bytes : bytes + blob.bytes), 0);
  return [
    ...entries,
    plain('registry', 'blobs without an image', 'nothing refers to them any more', loose, true),
    plain('registry', 'links and directories', "the registry's own", volume.otherBytes, false),
  ];
}

/** Layers of images that a host has pulled, each counted once. */
export function hostLayerEntries(
  images: readonly { repository: string; digest: string; layers: readonly { id: string; bytes: number }[] }[],
  isOver: (image: { repository: string; digest: string }) => boolean,
  ownerOf: (image: { repository: string; digest: string }) => LedgerOwner,
): LedgerEntry[] {
  const first = new Map<string, string>();
  const inOrder = images.toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)));
  const keyOf = ({ repository, digest }: { repository: string; digest: string }) => `${repository}@${digest}`;
  for (const image of inOrder) for (const { id } of image.layers) if (!first.has(id)) first.set(id, keyOf(image));
  return inOrder.map((image) => {
    const sum = (counted: boolean) =>
      image.layers.reduce(
        (bytes, { id, ...layer }) => ((first.get(id) === keyOf(image)) === counted ? bytes + layer.bytes : bytes),
        0,
      );
    const { team, app, name, reason } = ownerOf(image);
    return {
      kind: 'host-layer',
      ...{ name, team, app, reason },
      bytes: sum(true),
      sharedBytes: sum(false),
      sharers: [],
      isOver: isOver(image),
      within: null,
    };
  });
}

/** An entry that shares nothing. */
export function plain(
  kind: LedgerKind,
  name: string,
  reason: string,
  bytes: number,
  isOver: boolean,
  more: { team?: string | null; app?: string | null; within?: string } = {},
): LedgerEntry {
  const { team = null, app = null, within = null } = more;
  return { kind, name, team, app, reason, bytes, sharedBytes: 0, sharers: [], isOver, within };
}

/** Adds up; the largest come first, and what takes nothing is left out. */
export function sumLedger(
  space: { totalBytes: number; freeBytes: number },
  entries: readonly LedgerEntry[],
): DiskLedger {
  const counted = entries.filter(({ within }) => within === null);
  const sum = (of: readonly LedgerEntry[]) => of.reduce((bytes, entry) => bytes + entry.bytes, 0);
  return {
    ...space,
    usedBytes: sum(counted),
    reclaimableBytes: sum(counted.filter(({ isOver }) => isOver)),
    entries: entries
      .filter(({ bytes, sharedBytes }) => bytes > 0 || sharedBytes > 0)
      .toSorted((a, b) => b.bytes - a.bytes),
  };
}

/** What each team's, or each app's, things take together, by its name; only of what counts by itself. */
export function sumBy(of: 'team' | 'app', { entries }: Pick<DiskLedger, 'entries'>): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { [of]: owner, within, bytes } of entries)
    if (owner !== null && within === null) sums.set(owner, (sums.get(owner) ?? 0) + bytes);
  return Object.fromEntries(sums);
}

import { dockerfileCache, packagesCache } from '@berth/domain/cache-key';
import {
  type DiskLedger,
  hostLayerEntries,
  type LedgerEntry,
  plain,
  registryEntries,
  sumLedger,
} from '@berth/domain/disk-ledger';
import { planCollection, type RegistryManifest, type RegistryNeeds } from '@berth/domain/plan-collection';
import type { HostDisk, HostDiskImage, HostImage } from '@berth/engine/host-disk';
import { type CacheLimits, dropCachedLayers } from '@berth/platform/collections/drop-cached-layers';
import { graceMs, type RepositoryNeeds, readNeeds } from '@berth/platform/collections/read-needs';
import { readHistorySizes } from '@berth/platform/disk/read-history-sizes';
import { type Owners, readOwners } from '@berth/platform/disk/read-owners';
import type { DiskKeeper } from './disk-keeper.js';
import { containerEntries, diskEntries, volumeEntries } from './host-entries.js';
import { nameOwners } from './name-owners.js';
import { readManifests } from './read-manifests.js';

/** What is there, what is needed of it, and what is over. */
export interface Survey {
  host: HostDisk;
  owners: Owners;
  needs: RepositoryNeeds[];
  manifests: RegistryManifest[];
  /** Manifests that nothing refers to. */
  over: Set<RegistryManifest>;
  overImages: HostImage[];
  overCaches: HostDiskImage[];
  ledger: DiskLedger;
}

const dayMs = 24 * 3_600_000;
/** A runtime, tool or build image that no kept image needs goes when it was not used for so long. */
const basesKeptMs = 30 * dayMs;

/**
 * Looks at the whole disk. Read in this order: what is on the disk first, then the rows, so that what is new on the disk has
 * its row by then. With a team, only what it owns is over.
 */
export async function survey(keeper: DiskKeeper, { teamId }: { teamId?: string | null } = {}): Promise<Survey> {
  const { platform, engine, registry } = keeper;
  const owners = await readOwners(platform);
  const cacheKeys = [...owners.apps.keys()].flatMap((id) => [packagesCache(id), dockerfileCache(id)]);
  const host = await engine.measureDisk({ cacheKeys });
  const manifests = host.registry ? await readManifests(registry, host.registry) : [];
  const [needs, dependencies] = await Promise.all([
    readNeeds(platform.db),
    keptDependencies(keeper, manifests, { isDryRun: true }),
  ]);
  const team = teamId ? (owners.teams.get(teamId) ?? '') : null;
  const ownerOf = nameOwners(owners, needs);
  const isTeams = (one: { repository: string; digest: string }) => team === null || ownerOf(one).team === team;
  const times = { now: Date.now(), graceMs, basesKeptMs };
  const over = new Set(planCollection(manifests, toRegistryNeeds(owners, needs, dependencies), times).filter(isTeams));
  const overImages = findOverImages(host, manifests, over).filter(isTeams);
  const overCaches = team === null ? host.disks.filter(isOverCache) : [];
  const about = { host, owners, needs, manifests, over, overImages, overCaches };
  return { ...about, ledger: await writeLedger(keeper, about, ownerOf) };
}

/** `dependencies/<team id>` → tags that stay. */
export async function keptDependencies(
  { platform, cacheLimits }: { platform: DiskKeeper['platform']; cacheLimits: CacheLimits },
  manifests: readonly RegistryManifest[],
  { isDryRun }: { isDryRun: boolean },
): Promise<Map<string, Set<string>>> {
  const tags = new Map<string, string[]>();
  for (const { repository, tags: own } of manifests)
    if (repository.startsWith('dependencies/')) tags.set(repository, [...(tags.get(repository) ?? []), ...own]);
  const kept = new Map<string, Set<string>>();
  for (const [repository, keys] of tags)
    kept.set(repository, await dropCachedLayers(platform, { keys, limits: cacheLimits, isDryRun }));
  return kept;
}

export function toRegistryNeeds(
  owners: Owners,
  needs: readonly RepositoryNeeds[],
  dependencies: Map<string, Set<string>>,
): RegistryNeeds {
  const kept = (one: RepositoryNeeds) => one.images.filter(({ keptBecause }) => keptBecause !== undefined);
  return {
    images: new Map(
      needs.map((one) => [`app/${one.repositoryId}`, new Set(kept(one).flatMap(({ digests }) => digests))]),
    ),
    sources: new Map(needs.map(({ repositoryId, commits }) => [`source/${repositoryId}`, commits])),
    dependencies,
    bases: new Set(needs.flatMap((one) => kept(one).flatMap(({ bases }) => bases))),
    uploads: new Set(owners.apps.keys()),
  };
}

const pulled = /^(app|build|runtime|stack|tool|pushed)\//;

/** Pulled images that no container is made of and whose manifest is over or gone. */
function findOverImages(
  { images, registry }: HostDisk,
  manifests: readonly RegistryManifest[],
  over: ReadonlySet<RegistryManifest>,
): HostImage[] {
  if (!registry) return []; // who says what is gone is not here
  const kept = new Set(
    manifests.filter((one) => !over.has(one)).map(({ repository, digest }) => `${repository}@${digest}`),
  );
  return images.filter(
    ({ repository, digest, isUsed }) => !isUsed && pulled.test(repository) && !kept.has(`${repository}@${digest}`),
  );
}

/** The cache of an app that is gone. Those of apps that do not build are removed by the host after two weeks. */
const isOverCache = ({ kind, cacheKey, isOpen, modifiedAt }: HostDiskImage) =>
  kind === 'cache' && cacheKey === null && !isOpen && Date.now() - modifiedAt > graceMs;

async function writeLedger(
  { platform }: DiskKeeper,
  { host, owners, manifests, over, overImages, overCaches }: Omit<Survey, 'ledger'>,
  ownerOf: ReturnType<typeof nameOwners>,
): Promise<DiskLedger> {
  const history = await readHistorySizes(platform);
  const entries: LedgerEntry[] = [
    ...(host.registry ? registryEntries(host.registry, manifests, over, ownerOf) : []),
    ...hostLayerEntries(host.images, (image) => overImages.includes(image as HostImage), ownerOf),
    ...containerEntries(host, owners),
    ...diskEntries(host, owners, overCaches),
    ...volumeEntries(host, owners),
    ...history.map(({ kind, team, app, bytes, kept }) =>
      plain(kind, app ?? team, kept, bytes, false, { team, app, within: kind === 'log-stream' ? 'redis' : 'postgres' }),
    ),
  ];
  return sumLedger(host, entries);
}

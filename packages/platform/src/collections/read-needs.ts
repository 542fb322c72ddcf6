import type { Db, Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import { type KeptBecause, keptReleasesOf, planRetention, type RetentionApp } from '@berth/domain/plan-retention';

/** Nothing younger than this is collected: the row that needs it may not be written yet (a build takes an hour at most). */
export const graceMs = 3_600_000;

/** One service's images and sources: which are kept, and why. */
export interface RepositoryNeeds {
  repositoryId: string;
  team: { id: string; name: string } | null;
  apps: { id: string; name: string }[];
  images: NeededImage[];
  /** Commits whose archive is kept. */
  commits: Set<string>;
}

export interface NeededImage {
  id: string;
  digest: string;
  commit: string;
  /** Undefined: nothing refers to it. */
  keptBecause: KeptBecause | undefined;
  /** Images of single process types in the same repository that go with it. */
  digests: string[];
  /** Stacks and runtimes that it names. */
  bases: string[];
}

const open: ('pending' | 'running')[] = ['pending', 'running'];
/** A rollout that has containers, or may get some. */
const serving: Prisma.RolloutWhereInput = {
  OR: [
    { retiredAt: null, status: { in: [...open, 'succeeded'] } },
    { instances: { some: { state: { not: 'down' } } } },
  ],
};
const release = {
  id: true,
  version: true,
  status: true,
  imageId: true,
  rollouts: { where: serving, select: { id: true }, take: 1 },
} as const;
const include = {
  apps: {
    where: { destroyedAt: null },
    include: {
      team: { select: { id: true, name: true } },
      environment: { select: { kind: true, keptReleases: true } },
      releases: { select: release },
      builds: { where: { status: { in: open } }, select: { source: { select: { commit: true } } } },
    },
  },
} as const;
/** A rebase that is over awaits nothing, whatever it left planned: a dry run leaves all of it. */
const awaited = {
  where: { status: { in: ['planned', 'releasing'] as ('planned' | 'releasing')[] }, rebase: { status: { in: open } } },
  select: { id: true },
  take: 1,
};

/** What the rows need of the registry, of every service or of one. In a transaction that holds its apps it is what counts. */
export async function readNeeds(
  db: Db | Tx,
  { repositoryId }: { repositoryId?: string } = {},
): Promise<RepositoryNeeds[]> {
  const repositories = await db.repository.findMany({ where: repositoryId ? { id: repositoryId } : {}, include });
  const images = await readImages(db, repositoryId);
  const newest = await readNewestCommits(db, repositoryId);
  return repositories.map(({ id, apps }) => {
    const own = images.filter((image) => image.repositoryId === id);
    const kept = planRetention({ apps: apps.map(toRetained), images: own }, { now: new Date(), graceMs });
    const needed = own.map((image) => ({
      ...{ id: image.id, digest: image.digest, commit: image.commit },
      keptBecause: kept.get(image.id),
      digests: [image.digest, ...digestsIn(image.processTypes)],
      bases: digestsIn([image.labels, image.inputs]),
    }));
    return {
      repositoryId: id,
      team: apps[0]?.team ?? null,
      apps: apps.map(({ id: appId, name }) => ({ id: appId, name })),
      images: needed,
      commits: new Set([
        ...needed.filter(({ keptBecause }) => keptBecause !== undefined).map(({ commit }) => commit),
        ...apps.flatMap(({ builds }) => builds.map(({ source }) => source.commit)),
        ...apps.flatMap(({ id: appId }) => newest.get(appId) ?? []),
      ]),
    };
  });
}

type AppRow = Prisma.RepositoryGetPayload<{ include: typeof include }>['apps'][number];

function toRetained({ environment, releases, currentReleaseId }: AppRow): RetentionApp {
  return {
    keptReleases: keptReleasesOf(environment),
    releases: releases.map(({ rollouts, id, ...one }) => ({
      ...one,
      isServing: id === currentReleaseId || rollouts.length > 0,
    })),
  };
}

async function readImages(db: Db | Tx, repositoryId: string | undefined) {
  const rows = await db.image.findMany({
    where: { collectedAt: null, ...(repositoryId ? { repositoryId } : {}) },
    include: {
      ...{ rebasesFrom: awaited, rebasesTo: awaited },
      promotions: { where: { status: { in: open } }, select: { id: true }, take: 1 },
    },
  });
  return rows.map((row) => ({
    ...row,
    isAwaited: [row.rebasesFrom, row.rebasesTo, row.promotions].some((waiting) => waiting.length > 0),
  }));
}

/** The commit that each app was pushed last: what the next build of it is compared with, or made of. */
async function readNewestCommits(db: Db | Tx, repositoryId: string | undefined): Promise<Map<string, string>> {
  const pushes = await db.push.findMany({
    where: { source: { isNot: null }, ...(repositoryId ? { app: { repositoryId } } : {}) },
    orderBy: [{ appId: 'asc' }, { sequence: 'desc' }],
    distinct: ['appId'],
    select: { appId: true, source: { select: { commit: true } } },
  });
  return new Map(pushes.flatMap(({ appId, source }) => (source ? [[appId, source.commit] as const] : [])));
}

/** Every digest that a JSON value names, wherever. */
function digestsIn(value: unknown): string[] {
  return JSON.stringify(value ?? null).match(/sha256:[0-9a-f]{64}/g) ?? [];
}

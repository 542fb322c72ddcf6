import type { Tx } from '@berth/db/client';
import type { Image } from '@berth/db/generated/client';
import { type Change, diffTables, toTable } from '@berth/domain/promotion-diff';
import { sectionsOf, settingsIn } from '@berth/domain/run-settings';
import type { Actor } from '../actor.js';
import { mayDo } from '../auth/rights.js';
import { readConfig } from '../config-layers/read-config.js';
import { compareVars, type VarDifference } from '../config-vars/compare-vars.js';
import type { Platform } from '../platform.js';
import { findNewest } from '../releases/is-superseded.js';
import { findStages } from './find-stages.js';

/** What a promotion would change in the target; `from` is the target as it is, `to` what it would get. */
export interface PromotionDiff {
  source: { app: string; environment: string; version: number };
  target: { app: string; environment: string; version: number | null };
  /** In the registry, for their SBOMs; null: nothing was deployed there yet. */
  images: { from: ImagePlace | null; to: ImagePlace };
  /** What was pushed after the target's commit, up to the promoted one; the newest first. */
  commits: { commit: string; message: string; createdAt: Date }[];
  /** The target's commit is newer than the promoted one: this goes back. */
  isOlder: boolean;
  /** The target keeps its own config: what differs from the source's. */
  config: VarDifference[];
  /** Process types, health check, agents and cron jobs, as they are in the target's environment. */
  processes: Change[];
}

export interface ImagePlace {
  repository: string;
  digest: string;
  commit: string;
}

/** Shown before a promotion. For everybody who may see both apps; values of config vars only for who may read them. */
export function diffPromotion(
  platform: Platform,
  input: { actor: Actor; source: string; target: string; release?: string | undefined },
): Promise<PromotionDiff> {
  return platform.db.$transaction(async (tx) => {
    const { source, target, release } = await findStages(tx, input);
    const image = await tx.image.findUniqueOrThrow({ where: { id: release.imageId } });
    const newest = await findNewest(tx, target.id);
    const before = newest?.imageId ? await tx.image.findUnique({ where: { id: newest.imageId } }) : null;
    const role = target.team.memberships[0]?.role ?? 'viewer';
    const [from, to] = [await readConfig(platform, tx, target.id), await readConfig(platform, tx, source.id)];
    return {
      source: { app: source.name, environment: source.environment.name, version: release.version },
      target: { app: target.name, environment: target.environment.name, version: newest?.version ?? null },
      images: { from: before && placeOf(before), to: placeOf(image) },
      ...(await readCommits(tx, before, image)),
      config: compareVars(from, to, mayDo(role, 'app.view-config')),
      processes: diffTables(
        before && newest ? toTable(settingsIn(before, newest.sections)) : {},
        toTable(settingsIn(image, sectionsOf({ ...target.environment, base: null }))),
      ),
    };
  });
}

const placeOf = ({ repositoryId, digest, commit }: Image): ImagePlace => ({
  ...{ repository: `app/${repositoryId}`, digest, commit },
});

const commitsMax = 100;

/** The sources that were pushed to the service between the two; a commit that came by docker push has none. */
async function readCommits(
  tx: Tx,
  before: Image | null,
  image: Image,
): Promise<Pick<PromotionDiff, 'commits' | 'isOlder'>> {
  const of = { push: { app: { repositoryId: image.repositoryId } } };
  const pushed = (commit: string) =>
    tx.source.findFirst({ where: { ...of, commit }, orderBy: { createdAt: 'desc' }, select: { createdAt: true } });
  const [first, last] = [before && (await pushed(before.commit)), await pushed(image.commit)];
  if (!last || before?.commit === image.commit) return { commits: [], isOlder: false };
  if (first && first.createdAt > last.createdAt) return { commits: [], isOlder: true };
  const rows = await tx.source.findMany({
    where: { ...of, createdAt: { lte: last.createdAt, ...(first ? { gt: first.createdAt } : {}) } },
    orderBy: { createdAt: 'desc' },
    distinct: ['commit'],
    take: commitsMax,
    select: { commit: true, message: true, createdAt: true },
  });
  return { commits: rows, isOlder: false };
}

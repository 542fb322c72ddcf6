import type { Image } from '@berth/db/generated/client';
import { type Change, diffTables, filesTable } from '@berth/domain/promotion-diff';
import { sectionsOf } from '@berth/domain/run-settings';
import type { Actor } from '../actor.js';
import { mayDo } from '../auth/rights.js';
import { readConfig } from '../config-layers/read-config.js';
import { compareVars, type VarDifference } from '../config-vars/compare-vars.js';
import type { Platform } from '../platform.js';
import { findNewest } from '../releases/is-superseded.js';
import { type CommitsBetween, readCommits } from '../releases/read-commits.js';
import { findStages } from './find-stages.js';

/** What a promotion would change in the target; `from` is the target as it is, `to` what it would get. */
export interface PromotionDiff extends CommitsBetween {
  source: { app: string; environment: string; version: number };
  target: { app: string; environment: string; version: number | null };
  /** In the registry, for their SBOMs; null: nothing was deployed there yet. */
  images: { from: ImagePlace | null; to: ImagePlace };
  /** The target keeps its own config: what differs from the source's. */
  config: VarDifference[];
  /** What the app's files say, as it is in the target's environment, and of other ones: domain/promotion-diff. */
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
    const sections = sectionsOf({ ...target.environment, base: null });
    const role = target.team.memberships[0]?.role ?? 'viewer';
    const [from, to] = [await readConfig(platform, tx, target.id), await readConfig(platform, tx, source.id)];
    return {
      source: { app: source.name, environment: source.environment.name, version: release.version },
      target: { app: target.name, environment: target.environment.name, version: newest?.version ?? null },
      images: { from: before && placeOf(before), to: placeOf(image) },
      ...(await readCommits(tx, before, image)),
      config: compareVars(from, to, mayDo(role, 'app.view-config')),
      processes: diffTables(
        before && newest ? filesTable(before, newest.sections, sections) : {},
        filesTable(image, sections),
      ),
    };
  });
}

const placeOf = ({ repositoryId, digest, commit }: Image): ImagePlace => ({
  ...{ repository: `app/${repositoryId}`, digest, commit },
});

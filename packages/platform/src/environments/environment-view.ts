import type { Environment, ImageRegistry } from '@berth/db/generated/client';
import { type EnvironmentPolicy, policyOf } from '@berth/domain/environment-policy';
import { keptReleasesOf } from '@berth/domain/plan-retention';

/** A stable environment as people see it. */
export interface EnvironmentView {
  id: string;
  name: string;
  team: { id: string; name: string };
  /** From 0, where the line begins. */
  position: number;
  registry: ImageRegistry;
  policy: EnvironmentPolicy;
  keptReleases: number;
  keptDays: number;
  keptLines: number;
  /** How many apps are in it. */
  apps: number;
  createdAt: Date;
}

/** What {@link toEnvironmentView} reads. */
export const environmentViewInclude = {
  team: { select: { id: true, name: true } },
  _count: { select: { apps: { where: { destroyedAt: null } } } },
} as const;

type Row = Environment & { team: { id: string; name: string }; _count: { apps: number } };

export const toEnvironmentView = (row: Row): EnvironmentView => ({
  id: row.id,
  name: row.name,
  team: row.team,
  position: row.position,
  registry: row.registry,
  policy: policyOf(row),
  keptReleases: keptReleasesOf(row),
  keptDays: row.keptDays,
  keptLines: row.keptLines,
  apps: row._count.apps,
  createdAt: row.createdAt,
});

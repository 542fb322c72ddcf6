import type { Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Right } from '../auth/rights.js';
import type { Platform } from '../platform.js';
import type { Changes, VarRow } from './plan-changes.js';

/** A config var of a team or an environment; `value` is null for a secret and who may not see it. */
export interface SharedVar {
  key: string;
  value: string | null;
  isSecret: boolean;
  updatedAt: Date;
}

/** Which layer: a team's, or that of one of its environments (by name). */
export interface SharedLayer {
  actor: Actor;
  team: string;
  environment?: string | undefined;
}

/** Rows of a team's or an environment's layer, when the actor may do `right` with it. */
export async function openLayer(
  tx: Tx | Platform['db'],
  { actor, team: name, environment }: SharedLayer,
  right: Right,
) {
  const team = await getTeamFor(tx, { actor, team: name, right });
  const { id: teamId } = team;
  const orderBy = { key: 'asc' as const };
  if (environment === undefined)
    return {
      ...{ team, environmentId: null, name: `team ${team.name}` },
      rows: await tx.teamConfigVar.findMany({ where: { teamId }, orderBy }),
      write: async (changes: Changes) => {
        await tx.teamConfigVar.deleteMany({ where: { teamId, key: { in: keysOf(changes) } } });
        await tx.teamConfigVar.createMany({ data: rowsOf(changes).map((row) => ({ teamId, ...row })) });
      },
    };
  const found = await tx.environment.findFirst({ where: { teamId, name: environment, destroyedAt: null } });
  if (!found) throw notFound('environment', environment);
  const { id: environmentId } = found;
  return {
    ...{ team, environmentId, name: `environment ${found.name}` },
    rows: await tx.environmentConfigVar.findMany({ where: { environmentId }, orderBy }),
    write: async (changes: Changes) => {
      await tx.environmentConfigVar.deleteMany({ where: { environmentId, key: { in: keysOf(changes) } } });
      await tx.environmentConfigVar.createMany({ data: rowsOf(changes).map((row) => ({ environmentId, ...row })) });
    },
  };
}

const keysOf = (changes: Changes) => changes.map(([key]) => key);
const rowsOf = (changes: Changes): VarRow[] => changes.flatMap(([, row]) => (row ? [row] : []));

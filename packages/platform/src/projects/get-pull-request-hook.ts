import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Platform } from '../platform.js';

/** A team's hook as its people see it, without the secret. */
export interface HookView {
  team: { id: string; name: string };
  base: string;
  pattern: string;
  branches: string | null;
  ttlHours: number;
  untilMerged: boolean;
  /** Who set it, whose what pull requests make is; null: the account is gone. */
  owner: { id: string; email: string } | null;
  createdAt: Date;
  /** The newest first. */
  deliveries: HookDeliveryView[];
}

export interface HookDeliveryView {
  host: string;
  service: string | null;
  branch: string | null;
  environment: string | null;
  outcome: 'made' | 'destroyed' | 'nothing' | 'refused';
  /** One sentence when it was refused. */
  message: string | null;
  createdAt: Date;
}

/** `not_found` where the team has none. */
export async function getPullRequestHook(
  { db }: Platform,
  { actor, team }: { actor: Actor; team: string },
): Promise<HookView> {
  const { id: teamId, name } = await getTeamFor(db, { actor, team, right: 'team.view' });
  const row = await db.pullRequestHook.findUnique({
    where: { teamId },
    include: { base: { select: { name: true } }, deliveries: { orderBy: { id: 'desc' } } },
  });
  if (!row) throw notFound('pull_request_hook', name);
  const { base, pattern, branches, ttlHours, untilMerged, createdAt, deliveries } = row;
  const owner = await db.user.findUnique({ where: { id: row.userId }, select: { id: true, email: true } });
  return {
    ...{ team: { id: teamId, name }, base: base.name, pattern, branches, ttlHours, untilMerged, owner, createdAt },
    deliveries,
  };
}

import { notFound, UserError } from '@berth/domain/errors';
import { defaultTtlHours, parseTtlHours } from '@berth/domain/project-environment';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { randomSecret } from '../secrets/random-secret.js';

/** The placeholders that a name may be made of: domain/review-name. */
const patternRule = /^(?:[a-z0-9-]|\{(?:branch|number|service)\})+$/;
/** Names of branches (domain/names, parseBranch) with `*` and `**`, as git's own refspecs and GitHub's branch filters have them. */
const branchesRule = /^[A-Za-z0-9*][A-Za-z0-9._/*-]{0,99}$/;

/** What deliveries are signed with. */
export const newHookSecret = (): string => randomSecret('berth_hook_');

export interface SetHook {
  team: { id: string; name: string };
  secret: string;
  base: string;
  pattern: string;
  branches: string | null;
  ttlHours: number;
  untilMerged: boolean;
}

/**
 * From now on pull requests that the team's git hosting tells us of make project environments, which belong to who asks; so do
 * pushed branches whose names match `branches`, for who pushes them. `untilMerged` (unless said otherwise): what is made goes
 * as soon as its branches are contained in main. The secret that signs deliveries is made anew each time and shown this once.
 */
export function setPullRequestHook(
  platform: Platform,
  input: {
    actor: Actor;
    team: string;
    base: string;
    pattern?: string | undefined;
    branches?: string | undefined;
    ttlHours?: number | undefined;
    untilMerged?: boolean | undefined;
  },
): Promise<SetHook> {
  const { actor, pattern = '{branch}', branches = null, untilMerged = true, base } = input;
  const ttlHours = Math.ceil(parseTtlHours(input.ttlHours ?? defaultTtlHours));
  if (!patternRule.test(pattern) || !/\{branch\}|\{number\}/.test(pattern))
    throw new UserError(
      'invalid_params',
      'A pattern has {branch} or {number}, may have {service}, and a-z, 0-9 and -.',
    );
  if (branches !== null) checkBranches(branches, pattern);
  return transaction(platform, async (tx) => {
    const { id: teamId, name } = await getTeamFor(tx, { actor, team: input.team, right: 'environment.change' });
    const found = await tx.environment.findFirst({ where: { teamId, kind: 'stable', name: base } });
    if (!found) throw notFound('environment', base);
    const secret = newHookSecret();
    const { userId } = actor;
    const row = {
      userId,
      baseId: found.id,
      pattern,
      branches,
      ttlHours,
      untilMerged,
      secret: platform.secrets.seal(secret),
    };
    await tx.pullRequestHook.upsert({ where: { teamId }, create: { teamId, ...row }, update: row });
    await addEvent(tx, {
      ...{ name: 'pull-request-hook.set', noun: 'team', nounId: teamId, teamId, userId },
      data: { base, pattern, branches, untilMerged },
    });
    return { team: { id: teamId, name }, secret, pattern, branches, base, ttlHours, untilMerged };
  });
}

function checkBranches(branches: string, pattern: string): void {
  if (!branchesRule.test(branches))
    throw new UserError('invalid_params', 'Branches are named by letters, digits, ., _, -, / and *: feature/**.');
  if (pattern.includes('{number}'))
    throw new UserError('invalid_params', 'A pushed branch has no number: use {branch} in the pattern.');
}

import type { Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import { type EnvironmentPolicy, environmentPolicy } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import { parseStageName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { type EnvironmentView, environmentViewInclude, toEnvironmentView } from './environment-view.js';
import { findEnvironmentFor } from './find-environment-for.js';
import { putInLine } from './put-in-line.js';

export interface EnvironmentChanges {
  name?: string | undefined;
  /** From 0. */
  position?: number | undefined;
  /** What it names is replaced, the rest stays. */
  policy?: Partial<EnvironmentPolicy> | undefined;
}

/** Renames, moves, or changes the policy of a stable environment. What runs goes on; deploys from now on follow it. */
export function changeEnvironment(
  platform: Platform,
  input: { actor: Actor; team: string; environment: string } & EnvironmentChanges,
): Promise<EnvironmentView> {
  const { actor, name, position, policy } = input;
  return transaction(platform, async (tx, after) => {
    const found = await findEnvironmentFor(tx, { ...input, right: 'environment.change' });
    const { id, teamId } = found;
    await lockTeam(tx, teamId);
    if (name !== undefined && name !== found.name) await rename(tx, { id, teamId }, parseStageName(name));
    if (policy !== undefined) await changePolicy(tx, id, policy);
    if (position !== undefined) await putInLine(tx, { teamId, environmentId: id, position });
    const { userId } = actor;
    await addEvent(tx, {
      ...{ name: 'environment.changed', noun: 'environment', nounId: id, teamId, userId },
      data: { ...(name !== undefined && { name }), ...(position !== undefined && { position }), ...policy },
    });
    after.wake.push('routes');
    return toEnvironmentView(
      await tx.environment.findUniqueOrThrow({ where: { id }, include: environmentViewInclude }),
    );
  });
}

async function rename(tx: Tx, { id, teamId }: { id: string; teamId: string }, name: string): Promise<void> {
  if (await tx.environment.findUnique({ where: { teamId_name: { teamId, name } } }))
    throw new UserError('conflict', `The team has an environment ${name} already.`);
  await tx.environment.update({ where: { id }, data: { name } });
}

/** Read under the team's lock: two people who change two parts of it at once both win. */
async function changePolicy(tx: Tx, id: string, changes: Partial<EnvironmentPolicy>): Promise<void> {
  const row = await tx.environment.findUniqueOrThrow({ where: { id }, select: { policy: true } });
  const parsed = environmentPolicy.safeParse({ ...(row.policy as object), ...changes });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError('invalid_params', `policy.${issue?.path.join('.')}: ${issue?.message}.`);
  }
  await tx.environment.update({ where: { id }, data: { policy: parsed.data as Prisma.InputJsonObject } });
}

import type { Tx } from '@berth/db/client';
import type { Environment, Role } from '@berth/db/generated/client';
import { policyOf } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import { mayDo } from '../auth/rights.js';

interface Move {
  role: Role;
  pipelineId: string;
  appId: string;
  /** Where the pipeline has the app now, and where it is to have it. */
  leaves?: Environment | undefined;
  comesTo?: Environment | undefined;
}

/**
 * Refuses a member to put an app into a pipeline, or to take it out, where that opens a way past approvals: an app whose own
 * environment asks for them, which could be pushed to meanwhile, and the only one that such an app is promoted from.
 */
export async function checkMayRegroup(tx: Tx, { role, pipelineId, appId, leaves, comesTo }: Move): Promise<void> {
  if (mayDo(role, 'pipeline.regroup-approved')) return;
  const own = [leaves, comesTo].filter((one) => one !== undefined);
  const orphans = leaves ? await findOrphans(tx, { pipelineId, appId, leaves, comesTo }) : [];
  const guarded = [...own, ...orphans].find((one) => policyOf(one).approvals > 0);
  if (guarded)
    throw new UserError(
      'forbidden',
      `Promotions to ${guarded.name} wait for approvals: only an admin changes which apps of the pipeline lead there.`,
    );
}

/** Environments whose app had this one before it, and then has none. */
async function findOrphans(
  tx: Tx,
  { pipelineId, appId, leaves, comesTo }: Pick<Move, 'pipelineId' | 'appId' | 'comesTo'> & { leaves: Environment },
): Promise<Environment[]> {
  const others = await tx.app.findMany({
    where: { pipelineId, id: { not: appId }, destroyedAt: null, environment: { kind: 'stable' } },
    select: { environment: true },
  });
  const environments = others.map(({ environment }) => environment);
  const left = comesTo ? [...environments, comesTo] : environments;
  return environments.filter(
    ({ position }) => position > leaves.position && !left.some((one) => one.position < position),
  );
}

import type { Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import { firstEnvironments } from '@berth/domain/environment-policy';

/** Gives a team that has no stable environment those of a new team. */
export async function addFirstEnvironments(tx: Tx, teamId: string): Promise<void> {
  if ((await tx.environment.count({ where: { teamId, kind: 'stable' } })) > 0) return;
  await tx.environment.createMany({
    data: firstEnvironments.map(({ name, policy }, position) => ({
      ...{ teamId, name, position, policy: policy as Prisma.InputJsonObject },
    })),
  });
}

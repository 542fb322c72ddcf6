import type { Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';

/** Serialises what adds services to a project environment, drops them, extends or destroys it. */
export async function lockEnvironment(tx: Tx, environmentId: string) {
  await tx.$queryRaw`SELECT 1 FROM "Environment" WHERE "id" = ${environmentId} FOR NO KEY UPDATE`;
  const environment = await tx.environment.findUnique({ where: { id: environmentId } });
  if (!environment || environment.destroyedAt) throw notFound('environment', environmentId);
  return environment;
}

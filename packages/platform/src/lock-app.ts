import type { Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';

/**
 * Serialises what decides about one app: whoever numbers releases or says what is newest holds this first.
 * Throws `not_found` when the app is gone; one that is being destroyed is still there for workers.
 */
export async function lockApp(tx: Tx, appId: string) {
  await tx.$queryRaw`SELECT 1 FROM "App" WHERE "id" = ${appId} FOR NO KEY UPDATE`;
  const app = await tx.app.findUnique({ where: { id: appId } });
  if (!app) throw notFound('app', appId);
  return app;
}

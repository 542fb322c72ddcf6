import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';

/** In one environment a service's name means one app: throws when another app answers to it there. */
export async function checkServiceFree(
  tx: Tx,
  { service, environmentId, exceptAppId }: { service: string; environmentId: string; exceptAppId?: string },
): Promise<void> {
  const other = await tx.route.findFirst({
    where: { service, app: { environmentId, destroyedAt: null }, ...(exceptAppId && { appId: { not: exceptAppId } }) },
    include: { app: { include: { environment: true } } },
  });
  if (!other) return;
  const { name, environment } = other.app;
  throw new UserError('conflict', `In ${environment.name} the app ${name} already answers as ${service}.internal.`);
}

import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { getProjectFor } from '../projects/get-project-for.js';
import { lockEnvironment } from '../projects/lock-environment.js';
import { detourLease } from './detour-lease.js';
import { findAppOfService } from './find-app-of-service.js';

export interface Detour {
  id: string;
  service: string;
}

/**
 * From its commit on calls to these services of the project environment go to the person's machine, as long as the lease is renewed. One
 * machine answers for a service: the next is told whose it is.
 */
export async function beginDetours(
  platform: Platform,
  input: { actor: Actor; environment: string; services: readonly string[] },
): Promise<Detour[]> {
  const { actor, environment, services } = input;
  if (services.length === 0) return [];
  return transaction(platform, async (tx, after) => {
    const { id, name, baseId, teamId } = await getProjectFor(tx, { actor, environment, right: 'environment.tether' });
    await lockEnvironment(tx, id);
    await checkFree(tx, { environmentId: id, name, services });
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: actor.userId } });
    for (const service of services) {
      const app = await findAppOfService(tx, { environmentId: id, baseId, service });
      if (!app) throw notFound('service', service);
      const text = `Calls to ${service} in ${name} are answered by the machine of ${email}`;
      after.lines.push({ appId: app.id, process: 'api', text });
    }
    const row = { environmentId: id, userId: actor.userId, leaseUntil: detourLease() };
    const detours = await tx.detour.createManyAndReturn({ data: services.map((service) => ({ ...row, service })) });
    await addEvent(tx, {
      ...{ name: 'environment.detour-begun', noun: 'environment', nounId: id, teamId, userId: actor.userId },
      data: { services: [...services] },
    });
    after.wake.push('routes', `environment:${id}`);
    return detours.map((detour) => ({ id: detour.id, service: detour.service }));
  });
}

async function checkFree(
  tx: Tx,
  { environmentId, name, services }: { environmentId: string; name: string; services: readonly string[] },
): Promise<void> {
  await tx.detour.deleteMany({ where: { environmentId, leaseUntil: { lte: new Date() } } });
  const taken = await tx.detour.findFirst({ where: { environmentId, service: { in: [...services] } } });
  if (!taken) return;
  const by = await tx.user.findUnique({ where: { id: taken.userId }, select: { email: true } });
  throw new UserError(
    'conflict',
    `The machine of ${by?.email ?? 'somebody'} answers for ${taken.service} in ${name} already: only one can.`,
  );
}

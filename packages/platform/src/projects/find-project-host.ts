import type { Db } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Right } from '../auth/rights.js';
import type { Platform } from '../platform.js';
import { getProjectFor } from './get-project-for.js';

export interface ProjectHost {
  environment: { id: string; name: string; expiresAt: Date | null };
  baseId: string;
  /** Host name without port. */
  host: string;
  /** The project environment has the service itself; false: its base's answers. */
  isOwn: boolean;
}

/** Where a service of a project environment is reached from outside: at its own app, else at its base's. */
export async function findProjectHost(
  platform: Platform,
  input: { actor: Actor; environment: string; service: string; right: Right },
): Promise<ProjectHost> {
  const { id, name, baseId, expiresAt } = await getProjectFor(platform.db, input);
  if (!baseId) throw new UserError('conflict', `Environment ${name} has no base.`);
  const route =
    (await findRoute(platform.db, id, input.service)) ?? (await findRoute(platform.db, baseId, input.service));
  const label = route?.hosts[0];
  if (!route || !label) throw notFound('service', input.service);
  return {
    environment: { id, name, expiresAt },
    baseId,
    host: label.includes('.') ? label : `${label}.${platform.addresses.domain}`,
    isOwn: route.app.environmentId === id,
  };
}

function findRoute(db: Db, environmentId: string, service: string) {
  return db.route.findFirst({
    where: { service, app: { environmentId, destroyedAt: null } },
    select: { hosts: true, app: { select: { environmentId: true } } },
    orderBy: { appId: 'asc' },
  });
}

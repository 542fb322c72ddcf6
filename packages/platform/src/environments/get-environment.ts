import type { Environment } from '@berth/db/generated/client';
import { notFound } from '@berth/domain/errors';
import type { Platform } from '../platform.js';

export type { Environment };

/** For workers. Throws `not_found`. */
export async function getEnvironment(
  platform: Platform,
  { environmentId }: { environmentId: string },
): Promise<Environment> {
  const environment = await platform.db.environment.findUnique({ where: { id: environmentId } });
  if (!environment) throw notFound('environment', environmentId);
  return environment;
}

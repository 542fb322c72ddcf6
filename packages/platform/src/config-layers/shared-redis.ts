import type { ConfigLayer } from '@berth/domain/resolve-config';
import { redisHost } from '../addresses.js';

/** What tells an app of a project environment which of its Redis servers others have too; packages/propagation reads it. */
export const sharedRedisVar = 'BERTH_SHARED_REDIS';

interface Sharing {
  id: string;
  environment: { id: string; name: string; baseId: string | null };
  attachments: readonly { addOn: { service: string; database: string; app: { environmentId: string } | null } }[];
}

/**
 * Environment, its id, the app's id and host names, with spaces between: there the app's workers of queues take the project's own
 * jobs only. Nothing for apps of stable environments, and where all Redis servers are the environment's own.
 */
export function sharedRedis({ id, environment, attachments }: Sharing): ConfigLayer {
  const hosts = attachments
    .filter(({ addOn }) => addOn.service === 'heroku-redis' && addOn.app?.environmentId !== environment.id)
    .map(({ addOn }) => redisHost(addOn.database));
  const text = [environment.name, environment.id, id, ...hosts].join(' ');
  const isSaid = environment.baseId !== null && hosts.length > 0;
  return {
    ...{ origin: 'berth', from: 'berth' },
    values: new Map(isSaid ? [[sharedRedisVar, { text, isSecret: false, isReference: false }]] : []),
  };
}

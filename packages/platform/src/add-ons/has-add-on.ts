import type { Platform } from '../platform.js';

/** Whether the app may be signed in to a database of ours. */
export async function hasAddOn({ db }: Platform, { appId }: { appId: string }): Promise<boolean> {
  const addOn = { service: 'heroku-postgresql', status: 'provisioned' } as const;
  return (await db.attachment.count({ where: { appId, addOn } })) > 0;
}

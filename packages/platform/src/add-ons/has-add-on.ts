import type { Platform } from '../platform.js';

/** Whether the app may be signed in to a database of ours. */
export async function hasAddOn({ db }: Platform, { appId }: { appId: string }): Promise<boolean> {
  return (await db.attachment.count({ where: { appId, addOn: { status: 'provisioned' } } })) > 0;
}

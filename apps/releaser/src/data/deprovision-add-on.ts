import { NotYetError } from '@berth/jobs/not-yet';
import type { JobContext } from '@berth/jobs/work';
import { forgetAddOn } from '@berth/platform/add-ons/forget-add-on';
import { readDestroyedAddOn } from '@berth/platform/add-ons/read-destroyed-add-on';
import type { Releaser } from '../releaser.js';
import { onServer } from './data-server.js';
import { dropDatabase, dropRoles } from './drop-database.js';

/** Drops database and roles, the Redis server or the volume of a destroyed add-on, then forgets it. */
export async function deprovisionAddOn(
  { platform, engine, data }: Releaser,
  { addOnId }: { addOnId: string },
  { lease }: JobContext,
): Promise<void> {
  const left = await readDestroyedAddOn(platform, { addOnId });
  if (!left) return;
  const { service, database, users } = left;
  if (service === 'heroku-redis') await engine.removeRedis(database);
  else if (service === 'berth-volume') await removeVolume(engine, database);
  else if (data)
    await onServer(data, { database: 'postgres' }, async (admin) => {
      await dropDatabase(admin, database);
      await dropRoles(admin, [...users, `c_${database.slice(2)}`, database]);
    });
  await forgetAddOn(platform, { addOnId, lease });
}

/** The release without it comes first. */
async function removeVolume({ removeVolume: remove }: Releaser['engine'], key: string): Promise<void> {
  if (!(await remove(key))) throw new NotYetError('a container has the volume still', 2_000);
}

import { NotYetError } from '@berth/jobs/not-yet';
import type { JobContext } from '@berth/jobs/work';
import { activateCredential } from '@berth/platform/add-ons/activate-credential';
import { forgetCredential } from '@berth/platform/add-ons/forget-credential';
import { type Rotation, readRotation } from '@berth/platform/add-ons/read-rotation';
import pg from 'pg';
import type { Releaser } from '../releaser.js';
import { type DataServer, onServer } from './data-server.js';
import { dropRoles } from './drop-database.js';
import { makeUser, openUser } from './make-database.js';

const { escapeIdentifier: name } = pg;

/** How soon to look again whether a release with the older password still runs, ms. */
const lookEveryMs = 5_000;

/** Makes the new role, has it released, and drops the older one when nothing that has it runs any more. */
export async function rotateAddOn(
  releaser: Releaser,
  { addOnId, userId }: { addOnId: string; userId: string },
  { lease }: JobContext,
): Promise<void> {
  const { platform } = releaser;
  const rotation = await readRotation(platform, { addOnId });
  if (!rotation) return;
  if (rotation.pending) {
    await openPending(releaser, rotation, rotation.pending);
    await activateCredential(platform, { addOnId, userId, lease });
    throw new NotYetError('the releases with the new password come first', lookEveryMs);
  }
  if (!rotation.retiring) return;
  const { user, isInUse } = rotation.retiring;
  if (isInUse) throw new NotYetError('a release with the older password runs', lookEveryMs);
  await closeRetiring(releaser, rotation, user);
  await forgetCredential(platform, { addOnId, user, lease });
}

type Credential = { user: string; password: string };

async function openPending(releaser: Releaser, { redis, plan, database }: Rotation, pending: Credential) {
  if (redis) return releaser.engine.setRedisUsers(redis.key, redis.users);
  if (!releaser.data || plan.kind !== 'postgresql') return;
  await onServer(releaser.data, { database: 'postgres' }, async (admin) => {
    await makeUser(admin, { database, plan, user: pending.user });
    await openUser(admin, pending);
  });
}

async function closeRetiring(releaser: Releaser, { redis, database }: Rotation, user: string): Promise<void> {
  const others = redis?.users.filter((one) => one.name !== user);
  if (redis && others) await releaser.engine.setRedisUsers(redis.key, others);
  else if (releaser.data) await retireUser(releaser.data, database, user);
}

/** What it may have made under its own name goes to the owner. */
async function retireUser(data: DataServer, database: string, user: string): Promise<void> {
  await onServer(data, { database }, async (admin) => {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [user]);
    if (!rowCount) return;
    await admin.query(`ALTER ROLE ${name(user)} NOLOGIN`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [user]);
    await admin.query(`REASSIGN OWNED BY ${name(user)} TO ${name(database)}`);
    await admin.query(`DROP OWNED BY ${name(user)}`);
    await dropRoles(admin, [user]);
  });
}

import { UserError } from '@berth/domain/errors';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { type AddOnView, toAddOnView } from './add-on-view.js';
import { checkPolicyOfAttached } from './check-policy-of-attached.js';
import { findAddOnFor } from './find-add-on-for.js';
import { newCredential } from './new-credential.js';

/**
 * A new password, which is another role, for everyone who has the add-on attached: a job makes it, then a release each; the
 * older one is valid until no release that has it runs.
 */
export function rotateCredentials(
  platform: Platform,
  { actor, addOn: name }: { actor: Actor; addOn: string },
): Promise<AddOnView> {
  return transaction(platform, async (tx, after) => {
    const { id } = await findAddOnFor(tx, { actor, addOn: name, right: 'add-on.create' });
    await tx.$queryRaw`SELECT 1 FROM "AddOn" WHERE "id" = ${id} FOR UPDATE`;
    const { status, credentials, database, teamId, mountPath } = await tx.addOn.findUniqueOrThrow({
      where: { id },
      include: { credentials: true },
    });
    if (mountPath !== null) throw new UserError('unsupported', `${name} is a volume: it has no password.`);
    if (status !== 'provisioned') throw new UserError('conflict', `Add-on ${name} is ${status}.`);
    if (credentials.length > 1)
      throw new UserError(
        'conflict',
        `The last rotation of ${name} is not over: a release with the older password runs.`,
      );
    await checkPolicyOfAttached(tx, { actor, addOnId: id, addOn: name });
    const generation = Math.max(...credentials.map((one) => one.generation)) + 1;
    const credential = newCredential(platform.secrets, { database, generation });
    await tx.addOnCredential.create({ data: { addOnId: id, ...credential, status: 'pending' } });
    const { userId } = actor;
    await addEvent(tx, { name: 'add-on.rotating', noun: 'add-on', nounId: id, teamId, userId, data: { generation } });
    after.jobs.push(await addJob(tx, 'addon.rotate', { addOnId: id, userId }));
    return toAddOnView(await findAddOnFor(tx, { actor, addOn: id, right: 'app.view' }));
  });
}

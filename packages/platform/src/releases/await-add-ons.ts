import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { NotYetError } from '@berth/jobs/not-yet';

/** How soon a release looks again whether its add-ons are there, ms. */
const lookEveryMs = 250;

/**
 * A release starts when the add-ons of its app are there: NotYetError while one is made. Gives the error that ends it when one
 * could not be.
 */
export async function awaitAddOns(tx: Tx, appId: string): Promise<UserError | undefined> {
  const addOns = await tx.addOn.findMany({
    where: { attachments: { some: { appId } }, status: { in: ['provisioning', 'failed'] } },
    select: { name: true, status: true, errorMessage: true },
  });
  const failed = addOns.find(({ status }) => status === 'failed');
  if (failed)
    return new UserError(
      'add_on_failed',
      `Add-on ${failed.name} could not be made: ${failed.errorMessage} Destroy it (heroku addons:destroy) and go on.`,
    );
  if (addOns.length > 0) throw new NotYetError('an add-on of the app is being made', lookEveryMs);
  return undefined;
}

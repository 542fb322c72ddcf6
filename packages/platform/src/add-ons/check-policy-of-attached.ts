import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { whyNoDeploy } from '../auth/get-app-to-deploy.js';

/** Refuses what releases every app that has the add-on, when the policy of one of their environments says no. */
export async function checkPolicyOfAttached(
  tx: Tx,
  { actor, addOnId, addOn }: { actor: Actor; addOnId: string; addOn: string },
): Promise<void> {
  const apps = await tx.app.findMany({
    where: { destroyedAt: null, attachments: { some: { addOnId } } },
    select: { id: true },
    orderBy: { name: 'asc' },
  });
  for (const { id: app } of apps) {
    const found = await getAppFor(tx, { actor, app, right: 'app.view' });
    const why = whyNoDeploy(found);
    if (why) throw new UserError('forbidden', `${found.name} has ${addOn} and would be released: ${why}`);
  }
}

import { parseBranch } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { readAppView } from './read-app-view.js';

/** From now on pushes to this branch are built. Nothing is built by this. */
export async function setDeployBranch(
  platform: Platform,
  { actor, app: name, branch }: { actor: Actor; app: string; branch: string },
): Promise<AppView> {
  parseBranch(branch);
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.set-deploy-branch' });
    await lockApp(tx, appId);
    await tx.app.update({ where: { id: appId }, data: { deployBranch: branch } });
    const { userId } = actor;
    const data = { branch };
    await addEvent(tx, { name: 'app.deploy-branch-set', noun: 'app', nounId: appId, appId, userId, data });
    after.wake.push(`app:${appId}`);
    return readAppView(platform, tx, appId);
  });
}

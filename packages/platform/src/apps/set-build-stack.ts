import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { readAppView } from './read-app-view.js';

/** What `heroku stack:set` may say: `container` for apps that Heroku's CLI is to push images to. */
const stacks = ['berth-13', 'container'];

/** Heroku's stack of the next build. Which stack a build of ours takes is said by the app's own files. */
export function setBuildStack(
  platform: Platform,
  { actor, app: name, stack }: { actor: Actor; app: string; stack: string },
): Promise<AppView> {
  if (!stacks.includes(stack))
    throw new UserError('invalid_params', `There is no stack ${stack}: it is one of ${stacks.join(', ')}.`);
  const isContainer = stack === 'container';
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.push' });
    const { count } = await tx.app.updateMany({
      where: { id: appId, isContainer: !isContainer },
      data: { isContainer },
    });
    if (count > 0) {
      const { userId } = actor;
      await addEvent(tx, { name: 'app.stack-set', noun: 'app', nounId: appId, appId, userId, data: { stack } });
      after.wake.push(`app:${appId}`);
    }
    return readAppView(platform, tx, appId);
  });
}

import { dashboardUrl } from '@berth/platform/addresses';
import { followPush } from '@berth/platform/pushes/follow-push';
import type { Parts } from '../parts.js';
import { applyWantedRefs } from '../repositories/apply-wanted-refs.js';
import type { Answer, Pusher } from './answer-push.js';
import type { PushTarget } from './receive-pack.js';

/**
 * Prints what build and release print until the push has ended. `ok` only when its release serves and the branch is moved.
 * When the pusher is gone or we are stopping, it stops looking; the build goes on.
 */
export async function followToEnd(parts: Parts, push: PushTarget, pushId: string, pusher: Pusher): Promise<Answer> {
  const signal = AbortSignal.any([pusher.gone, parts.stopping]);
  for await (const event of followPush(parts.platform, { pushId, signal })) {
    if (event.type === 'output') {
      await pusher.say(event.text);
      continue;
    }
    if (!event.isOk) {
      const serving = event.servingVersion === undefined ? '' : `\n       v${event.servingVersion} goes on serving.`;
      await pusher.say(
        `${serving}\n       Full log: ${dashboardUrl(parts.platform.addresses)}/apps/${push.app.name}\n`,
      );
      return { kind: 'refused', sentence: event.message };
    }
    await applyWantedRefs(parts, push.repository.id);
    await pusher.say(`       Released v${event.version}\n       ${event.webUrl} deployed\n`);
    return { kind: 'ok' };
  }
  return {
    kind: 'refused',
    sentence: 'Berth is being restarted: the build goes on, and the branch moves when it is released.',
  };
}

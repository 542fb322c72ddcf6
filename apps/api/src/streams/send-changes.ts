import { setTimeout as sleep } from 'node:timers/promises';
import type { WakeTopic } from '@berth/jobs/wake';
import type { Actor } from '@berth/platform/actor';
import { listAppIds } from '@berth/platform/apps/list-app-ids';
import type { Platform } from '@berth/platform/platform';
import type { EventStream } from './sse.js';

/** How soon an app that somebody else made is seen, ms. */
const pollMs = 2_000;
/** At most one message in this time, ms. */
const roundMs = 1_000;

/**
 * Says that an app which the person sees changed, came or went, and nothing about it: a page of a list reads anew what it shows,
 * which is little beside all of hundreds of apps.
 */
export async function sendChanges(platform: Platform, { actor }: { actor: Actor }, stream: EventStream): Promise<void> {
  const listen = (ids: readonly string[]) =>
    platform.wake.wait(
      ids.map((id): WakeTopic => `app:${id}`),
      pollMs,
      stream.signal,
    );
  let ids = await listAppIds(platform, { actor });
  let waiting = listen(ids);
  await stream.send(changed);
  while (!stream.signal.aborted) {
    const isWoken = await waiting;
    waiting = listen(ids); // before anything else: what changes meanwhile is the next message
    const now = await listAppIds(platform, { actor });
    const isOther = now.join() !== ids.join();
    if (isOther) {
      ids = now;
      waiting = listen(ids);
    }
    if (!isWoken && !isOther) continue;
    await stream.send(changed);
    await sleep(roundMs);
  }
}

const changed = { event: 'changed', data: '{}' };

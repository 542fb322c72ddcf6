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
  let known: string | undefined;
  while (!stream.signal.aborted) {
    const ids = await listAppIds(platform, { actor });
    const waiting = platform.wake.wait(
      ids.map((id): WakeTopic => `app:${id}`),
      pollMs,
      stream.signal,
    );
    const now = ids.join(' ');
    if (known !== now) await stream.send({ event: 'changed', data: '{}' });
    known = now;
    if (await waiting) {
      await stream.send({ event: 'changed', data: '{}' });
      await sleep(roundMs);
    }
  }
}

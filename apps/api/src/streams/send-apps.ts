import { setTimeout as sleep } from 'node:timers/promises';
import type { WakeTopic } from '@berth/jobs/wake';
import type { Actor } from '@berth/platform/actor';
import { listApps } from '@berth/platform/apps/list-apps';
import { listEvents } from '@berth/platform/events/list-events';
import type { Platform } from '@berth/platform/platform';
import { toWireEvent } from '../wire/event.js';
import { SnapshotSender } from './snapshot-sender.js';
import type { EventStream } from './sse.js';

/** Also how soon an app that somebody else made is seen, ms. */
const pollMs = 2_000;
const roundMs = 200;

/** Sends the apps a person sees whenever one changes, and every event of them after `afterId` (none from before without it). */
export async function sendApps(
  platform: Platform,
  { actor, afterId }: { actor: Actor; afterId: string | undefined },
  stream: EventStream,
): Promise<void> {
  const sender = new SnapshotSender(stream);
  let after = afterId && /^\d{1,18}$/.test(afterId) ? afterId : undefined;
  after ??= (await listEvents(platform, { actor })).at(-1)?.id ?? '0';
  while (!stream.signal.aborted) {
    const apps = await listApps(platform, { actor });
    const topics = apps.map(({ id }): WakeTopic => `app:${id}`);
    const changed = platform.wake.wait(topics, pollMs, stream.signal);
    await sender.send('apps', apps);
    for (const event of await listEvents(platform, { actor, afterId: after })) {
      after = event.id;
      await stream.send({ event: 'event', id: event.id, data: JSON.stringify(toWireEvent(event)) });
    }
    await changed;
    await sleep(roundMs);
  }
}

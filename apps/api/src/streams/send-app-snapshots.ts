import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '@berth/platform/actor';
import { getApp } from '@berth/platform/apps/get-app';
import { listBuilds } from '@berth/platform/builds/list-builds';
import { listFormation } from '@berth/platform/formation/list-formation';
import { listInstances } from '@berth/platform/instances/list-instances';
import { listOneOffs } from '@berth/platform/one-offs/list-one-offs';
import type { Platform } from '@berth/platform/platform';
import { listReleases } from '@berth/platform/releases/list-releases';
import { readDeploy } from './read-deploy.js';
import { SnapshotSender } from './snapshot-sender.js';
import type { EventStream } from './sse.js';

const releasesMax = 20;
const buildsMax = 10;
/** Covers a wake message that was lost, ms. */
const pollMs = 2_000;
/** Many wakes within this time make one round of snapshots, ms. */
const roundMs = 200;

/** Sends what one app's page shows, now and whenever it changes, until the app or the right to see it is gone. */
export async function sendAppSnapshots(
  platform: Platform,
  { actor, appId }: { actor: Actor; appId: string },
  stream: EventStream,
): Promise<void> {
  const sender = new SnapshotSender(stream);
  while (!stream.signal.aborted) {
    const changed = platform.wake.wait([`app:${appId}`], pollMs, stream.signal);
    try {
      for (const [name, data] of Object.entries(await readSnapshots(platform, actor, appId)))
        await sender.send(name, data);
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'not_found')) throw error;
      return stream.send({ event: 'gone', data: '{}' });
    }
    await changed;
    await sleep(roundMs);
  }
}

async function readSnapshots(platform: Platform, actor: Actor, app: string) {
  const of = { actor, app };
  const [view, formation, instances, oneOffs, releases, builds] = await Promise.all([
    getApp(platform, of),
    listFormation(platform, of),
    listInstances(platform, of),
    listOneOffs(platform, of),
    listReleases(platform, { ...of, limit: releasesMax }),
    listBuilds(platform, { ...of, limit: buildsMax }),
  ]);
  const deploy = await readDeploy(platform, of, { build: builds[0], release: releases[0] });
  return { app: view, formation, instances, 'one-offs': oneOffs, releases, builds, deploy };
}

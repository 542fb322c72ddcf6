import { setTimeout as sleep } from 'node:timers/promises';
import type { WakeTopic } from '@berth/jobs/wake';
import { type OutputOf, readOutput, tailOutput } from '@berth/logs/output';
import type { Platform } from '../platform.js';
import { type PushEnd, readProgress } from './read-progress.js';

export type PushProgressMessage = { type: 'output'; text: string } | PushEnd;

/** How long a tail may lag behind the row that says its build is over, ms. */
const graceMs = 1_000;

/**
 * What the pusher sees: the build's output while it comes, then the release's, and one sentence at the end.
 * A config change during the deploy takes the push over: its release is followed then. Ends silently when `signal` is aborted.
 */
export async function* followPush(
  platform: Platform,
  { pushId, signal }: { pushId: string; signal: AbortSignal },
): AsyncGenerator<PushProgressMessage> {
  const followed = new Set<string>();
  const isNew = (id: string | undefined) => id !== undefined && !followed.has(id);
  const topics: WakeTopic[] = [`push:${pushId}`];
  while (!signal.aborted) {
    const look = async () => {
      const now = await readProgress(platform, pushId);
      return now.end || isNew(now.buildId) || isNew(now.releaseId) ? now : undefined;
    };
    const progress = await platform.wake.until(topics, look, signal);
    if (!progress) return;
    const { buildId, releaseId } = progress;
    if (buildId && !followed.has(buildId)) {
      followed.add(buildId);
      topics.push(`build:${buildId}`);
      const isOver = async () => (await readProgress(platform, pushId)).isBuildOver;
      yield* followOutput(platform, { noun: 'build', id: buildId }, isOver, signal);
    } else if (releaseId && !followed.has(releaseId)) {
      followed.add(releaseId);
      const isOver = async () => {
        const now = await readProgress(platform, pushId);
        return now.releaseId !== releaseId || now.isReleaseOver;
      };
      yield* followOutput(platform, { noun: 'release', id: releaseId }, isOver, signal);
    } else if (progress.end) {
      yield progress.end;
      return;
    }
  }
}

/** Tails the output until its end mark, or until the row says that it is over (a flushed Redis has no end mark). */
async function* followOutput(
  platform: Platform,
  of: OutputOf,
  isOver: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<PushProgressMessage> {
  const { redis, instance } = platform;
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const seen = { id: '0' };
  const watching = endWhenOver(platform, of, isOver, seen, until).then(
    () => ended.abort(),
    () => ended.abort(), // the database is away: the caller's next read says so
  );
  try {
    for await (const { id, text } of tailOutput(redis, instance, of, { signal: until })) {
      seen.id = id;
      yield { type: 'output', text };
    }
  } finally {
    ended.abort();
    await watching;
  }
  if (seen.id === '0' && !signal.aborted) yield* storedOutput(platform, of);
}

/** The output of what was over before its follower came and whose stream is gone. */
async function* storedOutput(platform: Platform, of: OutputOf): AsyncGenerator<PushProgressMessage> {
  const owner = of.noun === 'build' ? { buildId: of.id } : { releaseId: of.id };
  const kept = await platform.db.output.findFirst({ where: owner });
  if (kept?.text) yield { type: 'output', text: kept.text };
}

/** Returns once the row says that it is over and the tail has caught up with the stream. */
async function endWhenOver(
  platform: Platform,
  of: OutputOf,
  isOver: () => Promise<boolean>,
  seen: { id: string },
  signal: AbortSignal,
): Promise<void> {
  await platform.wake.until([`${of.noun}:${of.id}`], async () => (await isOver()) || undefined, signal);
  const { lastId } = await readOutput(platform.redis, platform.instance, of);
  const deadline = Date.now() + graceMs;
  while (!signal.aborted && seen.id !== lastId && Date.now() < deadline) await sleep(10);
}

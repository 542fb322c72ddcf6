import { setTimeout as sleep } from 'node:timers/promises';
import { type OutputOf, readOutput, tailOutput } from '@berth/logs/output';
import type { Platform } from '../platform.js';

/** How long a tail may lag behind the row that says its build is over, ms. */
const graceMs = 1_000;

/** Tails the output until its end mark, or until the row says that it is over (a flushed Redis has no end mark). */
export async function* followOutput(
  platform: Platform,
  of: OutputOf,
  isOver: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<{ type: 'output'; text: string }> {
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
async function* storedOutput(platform: Platform, of: OutputOf): AsyncGenerator<{ type: 'output'; text: string }> {
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

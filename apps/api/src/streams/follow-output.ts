import { setTimeout as sleep } from 'node:timers/promises';
import { tailOutput } from '@berth/logs/output';
import type { Actor } from '@berth/platform/actor';
import { getBuild } from '@berth/platform/builds/get-build';
import { getOutput } from '@berth/platform/builds/get-output';
import type { Platform } from '@berth/platform/platform';
import { getRelease } from '@berth/platform/releases/get-release';

export interface OutputOf {
  actor: Actor;
  app: string;
  noun: 'build' | 'release';
  id: string;
}

/** One piece: `id` is where a reader resumes; without one, `text` is all there is, from the store. */
export interface OutputPiece {
  id?: string;
  text: string;
}

/** What a worker printed last may be written just after the end of its work, ms. */
const graceMs = 1_000;
/** How often the end is looked for when no message about it comes, ms. */
const pollMs = 2_000;

/**
 * The output of a build or a release phase: whole when it has ended, else as it comes until it ends.
 * It also ends when the person may no longer see the app (then with that error).
 */
export async function* followOutput(
  platform: Platform,
  of: OutputOf,
  signal: AbortSignal,
  afterId?: string,
): AsyncGenerator<OutputPiece> {
  if (await hasOutputEnded(platform, of)) {
    const text = await getOutput(platform, { actor: of.actor, app: of.app, ...idOf(of) });
    if (text !== '') yield { text };
    return;
  }
  const ended = new AbortController();
  const watch = waitForEnd(platform, of, AbortSignal.any([signal, ended.signal])).finally(() => ended.abort());
  watch.catch(() => {}); // thrown below, once the tail has ended; until then nobody waits for it
  try {
    yield* tailOutput(platform.redis, platform.instance, of, {
      ...(afterId && { afterId }),
      signal: AbortSignal.any([signal, ended.signal]),
    });
  } finally {
    ended.abort();
    await watch;
  }
}

async function waitForEnd(platform: Platform, of: OutputOf, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await hasOutputEnded(platform, of)))
    await platform.wake.wait([`${of.noun}:${of.id}`], pollMs, signal);
  if (!signal.aborted) await sleep(graceMs, undefined, { signal }).catch(() => {});
}

const idOf = ({ noun, id }: OutputOf) => (noun === 'build' ? { buildId: id } : { releaseId: id });

/** Whether nothing more comes; also the check that it is there and that the person may see it. */
export async function hasOutputEnded(platform: Platform, { actor, app, noun, id }: OutputOf): Promise<boolean> {
  const { status } =
    noun === 'build'
      ? await getBuild(platform, { actor, app, build: id })
      : await getRelease(platform, { actor, app, version: id });
  return status !== 'pending' && status !== 'running';
}

import type { WakeTopic } from '@berth/jobs/wake';
import type { Releaser } from './releaser.js';

export interface Watched {
  /** Its messages call for a look; one comes each second all the same. */
  topic: WakeTopic;
  /** Whether somebody asked that it ends. */
  isAsked: () => Promise<boolean>;
  /** Aborted with `why` as soon as somebody has; who has it may abort it for reasons of their own. */
  stop: AbortController;
  why: Error;
  /** Of the job. */
  signal: AbortSignal;
}

/** Runs `body` while it looks whether somebody asked that it ends: then, and with the job, its signal is aborted. */
export async function runWatched<T>(
  { platform, logger }: Pick<Releaser, 'platform' | 'logger'>,
  { topic, isAsked, stop, why, signal }: Watched,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const look = async () => (await isAsked()) || undefined;
  const watching = platform.wake
    .until([topic], look, AbortSignal.any([signal, over.signal]))
    .then((isOver) => isOver && stop.abort(why))
    .catch((error: unknown) => logger.warn({ err: error, topic }, 'watch'));
  try {
    return await body(AbortSignal.any([signal, stop.signal]));
  } finally {
    over.abort();
    await watching;
  }
}

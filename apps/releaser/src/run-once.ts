import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import type { JobContext } from '@berth/jobs/work';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { imageRef } from './image-ref.js';
import type { Releaser } from './releaser.js';

/** How a command ended: `message` is one sentence when it did not end well. */
export interface End {
  exitCode: number | null;
  message: string | null;
}

/** A command that is not run again once it was started, whatever became of it. */
export interface Once<E extends End> {
  /** Labels its container. */
  key: string;
  /** An earlier try began it. */
  isCutOff: boolean;
  image: ReleaseWork['image'];
  /** Whether what fails before the start is tried again. What fails later is, too: the next try says that it was cut off. */
  isRetried: boolean;
  /** The last thing before the start; false: it is not to be started. */
  begin: () => Promise<boolean>;
  run: (signal: AbortSignal) => Promise<E>;
  /** The last write; one more changes nothing. */
  finish: (end: E | End) => Promise<void>;
}

/** `stopping` is aborted when this process is to end. */
export async function runOnce<E extends End>(
  { platform, engine, logger }: Releaser,
  { key, isCutOff, image, isRetried, begin, run, finish }: Once<E>,
  context: JobContext,
  stopping: AbortSignal,
): Promise<void> {
  if (isCutOff) {
    await engine.removeOneOff(key);
    return finish({ exitCode: null, message: 'It was cut off: Berth was restarted while it ran.' });
  }
  let isBegun = false;
  try {
    // What may have to be tried again comes before the start, which is not.
    await engine.pullImage(imageRef(image, undefined));
    isBegun = await begin();
    if (!isBegun) return;
    const end = await run(AbortSignal.any([context.signal, stopping]));
    // A database that is away for a moment would make a run that ended well one that was cut off.
    await platform.wake.until([], () => finish(end).then(() => true), context.signal);
  } catch (error) {
    if (context.signal.aborted) throw error; // whoever has the lease now ends it
    const isFinal = error instanceof UserError || context.isLastAttempt(error) || (!isRetried && !isBegun);
    if (!stopping.aborted && !isFinal) throw error;
    if (stopping.aborted) await engine.removeOneOff(key);
    const id = `err_${randomUUID()}`;
    const message = stopping.aborted
      ? 'It was cut off: Berth was stopped while it ran.'
      : publicError(error, id).message;
    if (!stopping.aborted) logger.error({ err: error, id }, 'one-off');
    await finish({ exitCode: null, message });
  }
}

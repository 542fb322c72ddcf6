import { UserError } from '@berth/domain/errors';
import type { JobContext } from '@berth/jobs/work';
import { beginOneOff } from '@berth/platform/one-offs/begin-one-off';
import { checkOneOffRight } from '@berth/platform/one-offs/check-one-off-right';
import { finishOneOff, type OneOffEnd } from '@berth/platform/one-offs/finish-one-off';
import { isStopAsked } from '@berth/platform/one-offs/is-stop-asked';
import { type OneOffWork, readOneOff } from '@berth/platform/one-offs/read-one-off';
import type { Releaser } from '../releaser.js';
import { runLogged } from '../run-logged.js';
import { runOnce } from '../run-once.js';
import { runWatched } from '../run-watched.js';
import { watchRight } from '../watch-right.js';
import { runAttached } from './run-attached.js';
import type { Visitors } from './visitors.js';

/** How long an attached command waits for who asked for it, ms. */
const visitWithinMs = 60_000;

/**
 * A command that somebody runs in an app's current release. Once it was started it is not run again: one that a killed releaser
 * began is ended and said to be cut off. `stopping` is aborted when this process is to end.
 */
export async function runOneOff(
  releaser: Releaser,
  { oneOffId }: { oneOffId: string },
  context: JobContext,
  { visitors, stopping: { signal: stopping } }: { visitors: Visitors; stopping: AbortController },
): Promise<void> {
  const { platform } = releaser;
  const { lease } = context;
  const begun = await readOneOff(platform, { oneOffId });
  const finish = (end: OneOffEnd) => finishOneOff(platform, { oneOffId, lease, end });
  if (!begun) return finish({ exitCode: null, message: 'The app has nothing to run any more.' });
  const { oneOff, isCutOff } = begun;
  const work = { ...begun.work, config: { ...begun.work.config, ...oneOff.env } };
  const isWaited = oneOff.isAttached && !isCutOff;
  const anyEnd = AbortSignal.any([context.signal, stopping]);
  const visitor = isWaited ? await visitors.take(oneOffId, visitWithinMs, anyEnd) : undefined;
  if (isWaited && !visitor) {
    context.signal.throwIfAborted();
    const message = stopping.aborted ? 'Berth was stopped before it began.' : 'Nobody attached to it within a minute.';
    return finish({ exitCode: null, message, isCancelled: true });
  }
  const once = {
    ...{ key: oneOffId, isCutOff, image: work.image, isRetried: !oneOff.isAttached },
    begin: () => beginOneOff(platform, { oneOffId, version: work.release.version, lease }),
    run: (signal: AbortSignal) =>
      untilStopped(releaser, oneOff, signal, (ended) =>
        visitor
          ? runAttached(releaser, { ...begun, work }, visitor, ended)
          : runDetached(releaser, oneOff, work, ended),
      ),
    finish: async (end: OneOffEnd) => {
      if (end.exitCode === null && end.message) visitor?.write(toVisitor(end.message));
      await finish(end);
    },
  };
  try {
    await runOnce(releaser, once, context, stopping);
  } catch (error) {
    visitor?.write(toVisitor('It was cut off by a fault of ours, or a restart of Berth.'));
    throw error;
  } finally {
    visitor?.resume().end(); // what nobody has read would keep it open for ever
  }
}

const toVisitor = (sentence: string) => `\r\n !     ${sentence}\r\n`;

function runDetached(
  releaser: Releaser,
  { name: dyno, command, size, id: key, timeLimit }: OneOffWork['oneOff'],
  work: OneOffWork['work'],
  signal: AbortSignal,
): Promise<OneOffEnd> {
  return runLogged(releaser, work, { dyno, command, size, key, timeoutMs: timeLimit * 1_000 }, { signal });
}

/** Runs it until a person asks that it ends, or who is its input and output may not be any more. */
async function untilStopped(
  releaser: Releaser,
  { id: oneOffId, isAttached }: OneOffWork['oneOff'],
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<OneOffEnd>,
): Promise<OneOffEnd> {
  const { platform, engine } = releaser;
  const stop = new AbortController();
  const why = new UserError('cancelled', 'It was stopped by a user.');
  const check = () => checkOneOffRight(platform, { oneOffId });
  const lose = (sentence: string) =>
    stop.abort(new UserError('forbidden', `It was stopped, since who ran it may not do so any more. ${sentence}`));
  const stopWatch = isAttached ? watchRight(check, lose) : () => {};
  const isAsked = () => isStopAsked(platform, { oneOffId });
  try {
    return await runWatched(releaser, { topic: `one-off:${oneOffId}`, isAsked, stop, why, signal }, run);
  } catch (error) {
    if (!stop.signal.aborted || signal.aborted) throw error;
    await engine.removeOneOff(oneOffId); // by now, also when the host process went away meanwhile
    return { exitCode: null, message: (stop.signal.reason as UserError).publicMessage, isCancelled: true };
  } finally {
    stopWatch();
  }
}

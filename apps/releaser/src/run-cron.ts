import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import { secretValues } from '@berth/domain/secret-values';
import type { JobContext } from '@berth/jobs/work';
import { appendLines } from '@berth/logs/log-stream';
import { redactor } from '@berth/logs/redact';
import { type CronResult, finishCronRun } from '@berth/platform/cron/finish-cron-run';
import { type CronWork, readCronRun } from '@berth/platform/cron/read-cron-run';
import { startCronRun } from '@berth/platform/cron/start-cron-run';
import { describeOneOff } from './describe-one-off.js';
import { imageRef } from './image-ref.js';
import { oneOffSpec } from './one-off-spec.js';
import { openLines } from './open-lines.js';
import type { Releaser } from './releaser.js';

/** Longest run of a cron job, ms. */
const longestMs = 24 * 3_600_000 - 60_000;

/**
 * One run of a cron job: a one-off of the app's current release. Once its command was started it is not run again: a run
 * that a killed releaser began is ended and said to be cut off. `stopping` is aborted when this process is to end.
 */
export async function runCron(
  releaser: Releaser,
  { runId }: { runId: string },
  context: JobContext,
  stopping: AbortSignal,
): Promise<void> {
  const { platform, engine } = releaser;
  const { lease } = context;
  const begun = await readCronRun(platform, { runId });
  const finish = (result: CronResult) => finishCronRun(platform, { runId, lease, result });
  if (!begun) return finish({ exitCode: null, message: 'The app has nothing to run any more.' });
  if (begun.isCutOff) {
    await engine.removeOneOff(runId);
    return finish({ exitCode: null, message: 'It was cut off: Berth was restarted while it ran.' });
  }
  const { image } = begun.work;
  try {
    // What may have to be tried again comes before the start, which is not.
    await engine.pullImage(imageRef(image, undefined));
    const { version } = begun.work.release;
    if (!(await startCronRun(platform, { runId, version, lease }))) return;
    const result = await runCommand(releaser, begun, AbortSignal.any([context.signal, stopping]));
    // A database that is away for a moment would make a run that ended well one that was cut off.
    await platform.wake.until([], () => finish(result).then(() => true), context.signal);
  } catch (error) {
    if (context.signal.aborted) throw error; // whoever has the lease now ends it
    if (!stopping.aborted && !(error instanceof UserError) && !context.isLastAttempt(error)) throw error;
    const id = `err_${randomUUID()}`;
    const message = stopping.aborted
      ? 'It was cut off: Berth was stopped while it ran.'
      : publicError(error, id).message;
    if (!stopping.aborted) releaser.logger.error({ err: error, id }, 'cron');
    await finish({ exitCode: null, message });
  }
}

async function runCommand(
  { platform: { redis, instance }, engine, logger }: Releaser,
  { run, work }: CronWork,
  signal: AbortSignal,
): Promise<CronResult> {
  const redact = redactor(secretValues(work.config));
  const lines = openLines(async (texts) => {
    const at = Date.now();
    const all = texts.map((text) => ({ at, source: 'app' as const, process: run.process, text: redact(text) }));
    // Redis may be away for a moment: a cron job does not end for that.
    await appendLines(redis, instance, work.app.id, all).catch((error) => logger.warn({ err: error }, 'cron lines'));
  });
  const { process: dyno, command, size, id: key } = run;
  const spec = oneOffSpec(work, { dyno, command, size, key, timeoutMs: longestMs });
  const result = await engine.runOneOff(spec, lines.write, signal);
  await lines.end();
  return { exitCode: result.exitCode, message: describeOneOff('The command', spec, result) ?? null };
}

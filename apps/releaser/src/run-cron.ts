import type { JobContext } from '@berth/jobs/work';
import { type CronResult, finishCronRun } from '@berth/platform/cron/finish-cron-run';
import { readCronRun } from '@berth/platform/cron/read-cron-run';
import { startCronRun } from '@berth/platform/cron/start-cron-run';
import type { Releaser } from './releaser.js';
import { runLogged } from './run-logged.js';
import { runOnce } from './run-once.js';

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
  const { platform } = releaser;
  const { lease } = context;
  const begun = await readCronRun(platform, { runId });
  const finish = (result: CronResult) => finishCronRun(platform, { runId, lease, result });
  if (!begun) return finish({ exitCode: null, message: 'The app has nothing to run any more.' });
  const { run, work, isCutOff } = begun;
  const { process: dyno, command, size, id: key } = run;
  const once = {
    ...{ key, isCutOff, image: work.image, isRetried: true, finish },
    begin: () => startCronRun(platform, { runId, version: work.release.version, lease }),
    run: (signal: AbortSignal) =>
      runLogged(releaser, work, { dyno, command, size, key, timeoutMs: longestMs }, { signal }),
  };
  await runOnce(releaser, once, context, stopping);
}

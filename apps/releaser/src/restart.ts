import { secretValues } from '@berth/domain/secret-values';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { appendLines } from '@berth/logs/log-stream';
import { redactor } from '@berth/logs/redact';
import { failRollout } from '@berth/platform/rollouts/fail-rollout';
import { finishRollout } from '@berth/platform/rollouts/finish-rollout';
import { startRollout } from '@berth/platform/rollouts/start-rollout';
import { withStep } from '@berth/platform/steps/with-step';
import type { Say } from './release-output.js';
import type { Releaser } from './releaser.js';
import { rollOut } from './roll-out.js';
import { pullImage } from './steps/pull-image.js';

/** A rollout without a new release: all instances of an app anew, the safe way. */
export async function runRollout(
  releaser: Releaser,
  { appId, rolloutId }: { appId: string; rolloutId: string },
  context: JobContext,
): Promise<void> {
  const { platform } = releaser;
  const { lease } = context;
  const work = await startRollout(platform, { rolloutId, lease });
  if (!work) return;
  const say = sayToLog(releaser, appId, secretValues(work.config));
  try {
    await withStep(platform, { rolloutId }, 'pull image', () => pullImage(releaser, work));
    await rollOut(releaser, work, rolloutId, say, context);
    await finishRollout(platform, { rolloutId, lease });
  } catch (thrown) {
    const error = toFinalError(thrown, context, releaser.logger);
    say([` !     ${error.message}`]);
    await failRollout(platform, { rolloutId, lease, error });
  }
}

/** A restart has no output of its own: what it says is in the app's log. */
function sayToLog({ platform, logger }: Releaser, appId: string, secrets: readonly string[]): Say {
  const redact = redactor(secrets);
  return (lines) => {
    const at = Date.now();
    const logLines = lines.map((line) => ({ at, source: 'berth', process: 'restart', text: redact(line) }) as const);
    appendLines(platform.redis, platform.instance, appId, logLines).catch((error) =>
      logger.warn({ err: error }, 'restart log'),
    );
  };
}

import { UserError } from '@berth/domain/errors';
import { secretValues } from '@berth/domain/secret-values';
import type { Lease } from '@berth/jobs/lease';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { readOutput } from '@berth/logs/output';
import { beginRollout } from '@berth/platform/releases/begin-rollout';
import { failRelease } from '@berth/platform/releases/fail-release';
import { finishRelease } from '@berth/platform/releases/finish-release';
import { isFirstDeploy } from '@berth/platform/releases/is-first-deploy';
import { startRelease } from '@berth/platform/releases/start-release';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { hasBegunStep } from '@berth/platform/steps/has-begun-step';
import { hasEndedStep } from '@berth/platform/steps/has-ended-step';
import { withStep } from '@berth/platform/steps/with-step';
import { openReleaseOutput, type ReleaseOutput } from './release-output.js';
import type { Releaser } from './releaser.js';
import { rollOut } from './roll-out.js';
import { copyToProduction } from './steps/copy-to-production.js';
import { pullImage } from './steps/pull-image.js';
import { cutOffPostdeploy, runPostdeploy } from './steps/run-postdeploy.js';
import { findReleasePhase, runReleasePhase } from './steps/run-release-phase.js';

const releasePhase = 'release phase';
const postdeployStep = 'postdeploy';

/** The workflow of one release. A run after a kill -9 at any line comes to the same end. */
export async function runRelease(
  releaser: Releaser,
  { releaseId }: { releaseId: string },
  context: JobContext,
): Promise<void> {
  const { platform } = releaser;
  const { lease, signal } = context;
  const step = <T>(name: string, body: () => Promise<T>) => withStep(platform, { releaseId }, name, body);

  const work = await startRelease(platform, { releaseId, lease });
  if (!work) return;
  const isPhaseDone = await hasEndedStep(platform, { releaseId }, releasePhase);
  const isPostdeployBegun = await hasBegunStep(platform, { releaseId }, postdeployStep);
  const output = await openOutput(releaser, work, isPhaseDone || isPostdeployBegun);
  let rolloutId: string | undefined;
  try {
    if (work.image.registry === 'production')
      await step('copy to production registry', () => copyToProduction(releaser, work, signal));
    await step('pull image', () => pullImage(releaser, work));
    if (findReleasePhase(work) && !isPhaseDone)
      await step(releasePhase, () => runReleasePhase(releaser, work, output, signal));
    const begun = await beginRollout(platform, { releaseId, lease });
    rolloutId = begun?.rolloutId;
    if (begun) await rollOut(releaser, { ...work, formation: begun.formation }, begun.rolloutId, output.say, context);
    if (begun) await postdeploy(releaser, work, output, { ...context, isBegun: isPostdeployBegun });
    await output.end();
    if (begun) await finishRelease(platform, { releaseId, rolloutId: begun.rolloutId, lease });
  } catch (thrown) {
    const error = toFinalError(thrown, context, releaser.logger);
    output.say([` !     ${error.message}`]);
    await output.end();
    await failRelease(platform, { releaseId, rolloutId, lease, error });
  }
}

/**
 * app.json's postdeploy, after an app's first deploy, once at the most: one that a killed releaser began is said to be cut off,
 * one that an earlier release began (and failed after) is not run again. The new release answers already: a failure is only said.
 */
async function postdeploy(
  releaser: Releaser,
  work: ReleaseWork,
  output: ReleaseOutput,
  { lease, signal, isBegun }: { lease: Lease; signal: AbortSignal; isBegun: boolean },
): Promise<void> {
  const { platform } = releaser;
  const command = work.image.postdeploy;
  if (command === null || !(await isFirstDeploy(platform, { appId: work.app.id }))) return;
  const owner = { releaseId: work.release.id };
  if (await hasEndedStep(platform, owner, postdeployStep)) return;
  const ofAnyRelease = { release: { appId: work.app.id } };
  if (!isBegun && (await hasBegunStep(platform, ofAnyRelease, postdeployStep))) return;
  try {
    if (isBegun) await cutOffPostdeploy(releaser, work);
    const runOnce = () => runPostdeploy(releaser, work, command, output, signal);
    await withStep(platform, owner, postdeployStep, runOnce, { writtenFirst: lease });
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    output.say([` !     ${error.message} The release stays; run it again by hand.`]);
  }
}

/** What is not run a second time keeps its output. */
async function openOutput(releaser: Releaser, work: ReleaseWork, isKept: boolean): Promise<ReleaseOutput> {
  const { redis, instance } = releaser.platform;
  const of = { appId: work.app.id, releaseId: work.release.id, secrets: secretValues(work.config) };
  const readKept = () => readOutput(redis, instance, { noun: 'release', id: of.releaseId });
  return openReleaseOutput(releaser, { ...of, kept: isKept ? (await readKept()).text : undefined });
}

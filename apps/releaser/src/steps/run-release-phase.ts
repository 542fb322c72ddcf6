import { UserError } from '@berth/domain/errors';
import { releaseProcess } from '@berth/domain/process-type';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { describeOneOff } from '../describe-one-off.js';
import { oneOffSpec } from '../one-off-spec.js';
import type { ReleaseOutput } from '../release-output.js';
import type { Releaser } from '../releaser.js';

/** The `release` process of the Procfile or berth.yaml, when there is one. */
export const findReleasePhase = ({ image }: ReleaseWork) =>
  image.processTypes.find(({ name }) => name === releaseProcess);

/**
 * Runs it once, before anything is changed, its output streamed. Once started it is not cut short by a newer push
 * (DESIGN section 6): `signal` only tells that the lease was lost or the job's time is over.
 * Throws a UserError with its exit code when it fails.
 */
export async function runReleasePhase(
  { engine, releasePhaseTimeoutMs }: Releaser,
  work: ReleaseWork,
  output: ReleaseOutput,
  signal: AbortSignal,
): Promise<void> {
  const process = findReleasePhase(work);
  if (!process) return;
  output.say([`-----> Running release command: ${process.command}`]);
  const spec = oneOffSpec(work, {
    ...process,
    dyno: `${releaseProcess}.1`,
    key: work.release.id,
    timeoutMs: releasePhaseTimeoutMs,
  });
  const failure = describeOneOff('The release command', spec, await engine.runOneOff(spec, output.write, signal));
  if (failure) throw new UserError('release_phase_failed', failure);
}

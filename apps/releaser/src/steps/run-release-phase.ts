import { UserError } from '@berth/domain/errors';
import { releaseProcess } from '@berth/domain/process-type';
import { parseSize } from '@berth/domain/sizes';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { instanceEnv } from '../instance-env.js';
import type { ReleaseOutput } from '../release-output.js';
import type { Releaser } from '../releaser.js';

const size = parseSize('standard-1x');

/** The `release` process of the Procfile, when there is one. */
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
  const { app, image, release } = work;
  output.say([`-----> Running release command: ${process.command}`]);
  const result = await engine.runOneOff(
    {
      appId: app.id,
      appName: app.name,
      environmentId: app.environmentId,
      releaseVersion: release.version,
      processType: releaseProcess,
      key: release.id,
      image: { repository: image.repository, digest: process.imageDigest ?? image.digest },
      command: process.command,
      argv: process.argv,
      env: instanceEnv(work, `${releaseProcess}.1`),
      memoryBytes: size.memoryBytes,
      cpuShares: size.cpuShares,
      pidsMax: size.pidsMax,
      timeoutMs: releasePhaseTimeoutMs,
    },
    output.write,
    signal,
  );
  if (result.isTimedOut)
    throw new UserError(
      'release_phase_failed',
      `The release command took longer than ${Math.round(releasePhaseTimeoutMs / 1000)} s and was stopped.`,
    );
  if (result.exitCode !== 0 && result.isOutOfMemory)
    throw new UserError(
      'release_phase_failed',
      `The release command used more than ${size.memoryBytes / 1024 / 1024} MiB of memory and was killed.`,
    );
  if (result.exitCode !== 0)
    throw new UserError('release_phase_failed', `The release command exited with code ${result.exitCode}.`);
}

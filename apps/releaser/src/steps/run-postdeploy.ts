import { UserError } from '@berth/domain/errors';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { describeOneOff } from '../describe-one-off.js';
import { oneOffSpec } from '../one-off-spec.js';
import type { ReleaseOutput } from '../release-output.js';
import type { Releaser } from '../releaser.js';

/** Runs app.json's postdeploy command, its output streamed. Throws a UserError with its exit code when it fails. */
export async function runPostdeploy(
  { engine, releasePhaseTimeoutMs }: Releaser,
  work: ReleaseWork,
  command: string,
  output: ReleaseOutput,
  signal: AbortSignal,
): Promise<void> {
  output.say([`-----> Running postdeploy command: ${command}`]);
  const spec = oneOffSpec(work, { command, dyno: 'postdeploy.1', key: keyOf(work), timeoutMs: releasePhaseTimeoutMs });
  const failure = describeOneOff('The postdeploy command', spec, await engine.runOneOff(spec, output.write, signal));
  if (failure) throw new UserError('release_phase_failed', failure);
}

/** Ends one that an earlier try began. Always throws the UserError that says so. */
export async function cutOffPostdeploy({ engine }: Releaser, work: ReleaseWork): Promise<never> {
  await engine.removeOneOff(keyOf(work));
  throw new UserError('release_phase_failed', 'The postdeploy command was cut off: Berth was restarted while it ran.');
}

const keyOf = ({ release }: ReleaseWork) => `postdeploy-${release.id}`;

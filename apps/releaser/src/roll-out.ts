import { describeDebug } from '@berth/domain/debug-deploy';
import { planRollout } from '@berth/domain/plan-rollout';
import type { JobContext } from '@berth/jobs/work';
import { sshCommand } from '@berth/platform/addresses';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { withStep } from '@berth/platform/steps/with-step';
import type { Say } from './release-output.js';
import type { Releaser } from './releaser.js';
import { awaitHealthy } from './steps/await-healthy.js';
import { changeSingletons } from './steps/change-singletons.js';
import { lookAtInstances } from './steps/look-at-instances.js';
import { startInstances } from './steps/start-instances.js';
import { switchToRollout } from './steps/switch-route.js';

/** Proves the new instances before anything old is touched: start → healthy → switch → singletons. */
export async function rollOut(
  releaser: Releaser,
  work: ReleaseWork,
  rolloutId: string,
  say: Say,
  { lease, signal }: JobContext,
): Promise<void> {
  const step = <T>(name: string, body: () => Promise<T>) => withStep(releaser.platform, { rolloutId }, name, body);
  const appId = work.app.id;
  const plan = planRollout({ formation: work.formation, healthcheck: work.image.healthcheck });

  const started = await step('start instances', () => startInstances(releaser, work, rolloutId, plan));
  const { debugUntil } = work.app;
  if (debugUntil) say(describeDebug(debugUntil, sshCommand(releaser.platform.addresses, work.app.name)));
  const of = { rolloutId, plan, started, say, signal };
  const proven = debugUntil
    ? await step('look at instances', () => lookAtInstances(releaser, of))
    : await step('await healthy', () => awaitHealthy(releaser, of)).then(() => started);
  await step('switch route', () => switchToRollout(releaser, { appId, rolloutId, started: proven, lease, signal }));
  if (plan.afterSwitch.length > 0)
    await step('change singletons', () =>
      changeSingletons(releaser, plan.afterSwitch, { work, rolloutId, say, signal }),
    );
}

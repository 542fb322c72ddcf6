import { listCandidates } from '@berth/platform/rebases/list-candidates';
import { type PlannedApp, savePlan } from '@berth/platform/rebases/save-plan';
import { recordBases } from '../record-bases.js';
import { isConcerned } from './pick-target.js';
import type { AppPlan } from './plan-app.js';
import { forEachApp, type RunningRebase } from './running-rebase.js';

/** Decides for each app what becomes of it, and writes that down. */
export async function planApps({ builder, work, context, planOf }: RunningRebase): Promise<void> {
  const { platform } = builder;
  const candidates = (await listCandidates(platform, { rebaseId: work.id })).filter(({ image }) =>
    isConcerned(work.wish, image.labels),
  );
  const apps: PlannedApp[] = [];
  await forEachApp(candidates, context, async (candidate) => {
    apps.push({ ...candidate, outcome: toOutcome(await planOf(candidate.image)) });
  });
  await recordBases(builder, apps.flatMap(basesOf));
  await savePlan(platform, { rebaseId: work.id, apps, waveSize: work.waveSize, lease: context.lease });
}

export function toOutcome(plan: AppPlan): PlannedApp['outcome'] {
  return plan.kind === 'move' ? { kind: 'move', changes: plan.changes } : plan;
}

/** Both sides of each exchange: people want to know which packages differ. */
function basesOf({ outcome }: PlannedApp) {
  if (outcome.kind !== 'move') return [];
  const { stack, runtime } = outcome.changes;
  return [
    ...(stack ? [stack.from, stack.to].map(({ name, digest }) => ({ kind: 'stack' as const, name, digest })) : []),
    ...(runtime
      ? [runtime.from, runtime.to].map(({ name, digest }) => ({ kind: 'runtime' as const, name, digest }))
      : []),
  ];
}

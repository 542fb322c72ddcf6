import type { JobContext } from '@berth/jobs/work';
import type { RebaseImage } from '@berth/platform/rebases/list-candidates';
import type { RebaseWork } from '@berth/platform/rebases/take-up-rebase';
import { openBases } from '../bases.js';
import type { Builder } from '../builder.js';
import { versionOf } from './pick-target.js';
import { type AppPlan, planApp } from './plan-app.js';

/** A rebase while the builder works on it. */
export interface RunningRebase {
  builder: Builder;
  work: RebaseWork;
  context: JobContext;
  /** What becomes of an image: decided once while this process works on it. */
  planOf: (image: RebaseImage) => Promise<AppPlan>;
}

export function openRunningRebase(builder: Builder, work: RebaseWork, context: JobContext): RunningRebase {
  const { registry, sources } = builder;
  // Of its own: a rebase is asked for because there is something new, which the builds' bases learn only later.
  const bases = openBases({ registry, sources, stackVersion: versionOf(work.wish.stack) });
  const plans = new Map<string, Promise<AppPlan>>();
  return {
    builder,
    work,
    context,
    planOf: (image) => {
      const known = plans.get(image.id) ?? planApp(builder, { bases, wish: work.wish }, image);
      plans.set(image.id, known);
      return known;
    },
  };
}

/** Requests to the registry side by side, in apps; each of them makes a few. */
const sideBySide = 16;

/** Runs `body` for each, some side by side; the first failure ends it. */
export async function forEachApp<T>(
  all: readonly T[],
  { signal }: JobContext,
  body: (one: T) => Promise<void>,
): Promise<void> {
  const rest = [...all];
  const worker = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) {
      signal.throwIfAborted();
      await body(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, all.length) }, worker));
}

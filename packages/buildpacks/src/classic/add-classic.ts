import type { BuildPlan } from '../build-plan.js';
import { runClassic } from './run-classic.js';

/** A plan with custom buildpacks before and after its own commands; their numbers are their order. */
export function addClassic(
  plan: BuildPlan,
  { before, after }: { before: readonly string[]; after: readonly string[] },
): BuildPlan {
  if (before.length + after.length === 0) return plan;
  const first = before.map((source, at) => runClassic(source, at + 1));
  const last = after.map((source, at) => runClassic(source, before.length + at + 1));
  return { ...plan, build: [...first, ...plan.build, ...last], isClassic: true };
}

import type { readDeploy } from '../streams/read-deploy.js';

type Deploy = Awaited<ReturnType<typeof readDeploy>>;

/** Our own `step`: one part of a deploy, in the order in which they began. `ended_at` null: it runs. */
export function toWireSteps(deploy: Deploy) {
  const { build, release } = deploy ?? {};
  const all = [
    ...(build?.steps ?? []).map((step) => ({ ...step, of: { type: 'build', id: build?.id } })),
    ...(release?.steps ?? []).map((step) => ({ ...step, of: { type: 'release', id: release?.id } })),
    ...(release?.rollouts ?? []).flatMap((rollout) =>
      rollout.steps.map((step) => ({ ...step, of: { type: 'rollout', id: rollout.id } })),
    ),
  ];
  return all
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
    .map(({ id, name, of, startedAt, endedAt, errorMessage }) => ({
      ended_at: endedAt,
      failure: errorMessage,
      id,
      name,
      of,
      started_at: startedAt,
    }));
}

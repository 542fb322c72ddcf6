import type { Platform } from '../platform.js';
import type { StepView } from '../steps/step-view.js';
import { stepsInOrder } from '../steps/step-view.js';
import { type ProjectRow, type ProjectView, projectInclude, toProjectView } from './project-view.js';

/** One environment, with the steps of its services. */
export async function readProjectView(platform: Platform, environmentId: string): Promise<ProjectView> {
  const row = await platform.db.environment.findUniqueOrThrow({
    where: { id: environmentId },
    include: projectInclude,
  });
  const [view] = await toProjectViews(platform, [row], { withSteps: true });
  return view!;
}

/** Several at once: a page asks for what they refer to together, not one by one. */
export async function toProjectViews(
  platform: Platform,
  rows: readonly ProjectRow[],
  { withSteps = false } = {},
): Promise<ProjectView[]> {
  const { db } = platform;
  const services = rows.flatMap(({ apps }) => apps.flatMap(({ projectService }) => projectService ?? []));
  const idsOf = (ids: (string | null)[]) => ({ where: { id: { in: ids.filter((id) => id !== null) } } });
  const [users, builds, releases, pipelines] = await Promise.all([
    db.user.findMany({
      ...idsOf(rows.flatMap(({ ownerId, detours }) => [ownerId, ...detours.map(({ userId }) => userId)])),
      select: { id: true, email: true },
    }),
    db.build.findMany({ ...idsOf(services.map(({ buildId }) => buildId)), select: { id: true, status: true } }),
    db.release.findMany({
      ...idsOf(services.map(({ releaseId }) => releaseId)),
      select: { id: true, version: true, status: true },
    }),
    db.pipeline.findMany({
      where: { teamId: { in: rows.map(({ teamId }) => teamId) } },
      select: {
        name: true,
        teamId: true,
        apps: {
          where: { destroyedAt: null, environment: { kind: 'stable' } },
          select: {
            ...{ id: true, name: true, environmentId: true },
            currentRelease: { select: { image: { select: { commit: true } } } },
          },
        },
      },
      orderBy: { name: 'asc' },
    }),
  ]);
  const byId = <T extends { id: string }>(list: readonly T[]) => new Map(list.map((one) => [one.id, one]));
  const referred = {
    users: new Map(users.map(({ id, email }) => [id, email])),
    builds: byId(builds),
    releases: byId(releases),
    steps: withSteps ? await readSteps(platform, services) : new Map<string, StepView[]>(),
    pipelines,
  };
  return rows.map((row) => toProjectView(platform, row, referred));
}

async function readSteps(
  { db }: Platform,
  services: readonly { appId: string; buildId: string | null; releaseId: string | null }[],
): Promise<Map<string, StepView[]>> {
  const steps = new Map<string, StepView[]>();
  for (const { appId, buildId, releaseId } of services) {
    const owners = [
      ...(buildId ? [{ buildId }] : []),
      ...(releaseId ? [{ releaseId }, { rollout: { releaseId } }] : []),
    ];
    if (owners.length > 0) steps.set(appId, await db.step.findMany({ where: { OR: owners }, ...stepsInOrder }));
  }
  return steps;
}

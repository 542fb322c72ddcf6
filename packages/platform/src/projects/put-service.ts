import type { Tx } from '@berth/db/client';
import { firstSize } from '@berth/domain/environment-policy';
import { projectAppName } from '@berth/domain/project-environment';
import { prepareProjectData } from '../add-ons/prepare-project-data.js';
import { insertApp } from '../apps/insert-app.js';
import type { AfterCommit, Platform } from '../platform.js';
import { amountsOfApp } from '../quotas/read-taken.js';
import { requireQuota } from '../quotas/require-quota.js';
import { surroundings } from '../surroundings.js';
import type { FoundWish } from './find-wish.js';
import { startService } from './start-service.js';

/** The environment that a service is put into. */
export interface HomeEnvironment {
  id: string;
  name: string;
  teamId: string;
  baseId: string | null;
}

/**
 * A service of a project environment: its app, with the formation of the base's (one of each at the most, web always), its
 * data by the environment's policy, and what it is to run, which begins at once. Returns the app's id.
 */
export async function putService(
  platform: Platform,
  tx: Tx,
  after: AfterCommit,
  { environment, wish, userId }: { environment: HomeEnvironment; wish: FoundWish; userId: string },
): Promise<string> {
  const { pipeline, base, branch, commit, imageId } = wish;
  const name = projectAppName(pipeline.name, environment.name);
  const appId = await insertApp(tx, after, {
    ...{ userId, name, pipeline, teamId: environment.teamId, environmentId: environment.id },
    repositoryId: pipeline.repositoryId,
  });
  await tx.app.update({
    where: { id: appId },
    data: {
      deployBranch: branch,
      ...{ buildpacks: base?.buildpacks ?? [], isContainer: base?.isContainer ?? false },
    },
  });
  const environmentId = environment.id;
  const formation = (base?.formation ?? []).map(({ processType, quantity, size }) => ({
    ...{ appId, processType, size },
    quantity: processType === 'web' ? 1 : Math.min(1, quantity),
  }));
  await requireQuota(tx, {
    teamId: environment.teamId,
    environmentId,
    adds: await beyondNewApp(tx, environmentId, formation),
  });
  await tx.formation.createMany({ data: formation });
  if (base) await prepareProjectData(platform, tx, after, { appId, baseAppId: base.id, environmentId, userId });
  await tx.projectService.create({ data: { appId, userId, branch, commit, imageId } });
  after.wake.push(`environment:${environment.id}`);
  await startService(platform, tx, after, appId);
  return appId;
}

/** What a formation takes beside what a new app was counted for already; an empty one no more. */
async function beyondNewApp(tx: Tx, environmentId: string, formation: readonly { size: string; quantity: number }[]) {
  const environment = await tx.environment.findUniqueOrThrow({ where: { id: environmentId }, select: surroundings });
  const size = firstSize(environment);
  const [was, is] = [amountsOfApp([], size), amountsOfApp(formation, size)];
  return { memoryMiB: is.memoryMiB - was.memoryMiB, cpus: is.cpus - was.cpus };
}

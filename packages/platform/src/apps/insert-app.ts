import type { Tx } from '@berth/db/client';
import { firstSize } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { amountsOf } from '../quotas/read-taken.js';
import { requireQuota } from '../quotas/require-quota.js';
import { surroundings } from '../surroundings.js';
import { randomAppName } from './random-name.js';

export interface NewApp {
  userId: string;
  teamId: string;
  environmentId: string;
  repositoryId: string;
  /** A parsed name; undefined: a random one. */
  name: string | undefined;
  /** Of the pipeline that it is coupled to: what other apps call it. */
  pipeline?: { id: string; name: string };
}

/** The rows of a new app: itself and its route. Throws `conflict` when its name is taken, `quota_exceeded`. Returns its id. */
export async function insertApp(tx: Tx, after: AfterCommit, input: NewApp): Promise<string> {
  const { userId, teamId, environmentId, repositoryId, pipeline } = input;
  const environment = await tx.environment.findUniqueOrThrow({ where: { id: environmentId }, select: surroundings });
  await requireQuota(tx, { teamId, environmentId, adds: { apps: 1, ...amountsOf(firstSize(environment), 1) } });
  const row = { teamId, environmentId, repositoryId, createdById: userId, pipelineId: pipeline?.id ?? null };
  const name = await takeName(tx, input.name, row);
  const { id: appId } = await tx.app.findUniqueOrThrow({ where: { name }, select: { id: true } });
  await tx.route.create({ data: { appId, hosts: [name], service: pipeline?.name ?? name } });
  await addEvent(tx, { name: 'app.created', noun: 'app', nounId: appId, appId, userId, data: { name } });
  after.wake.push('routes', `app:${appId}`);
  return appId;
}

/** Inserts the app; the unique index decides who has a name. */
async function takeName(
  tx: Tx,
  wanted: string | undefined,
  app: {
    teamId: string;
    environmentId: string;
    repositoryId: string;
    createdById: string;
    pipelineId: string | null;
  },
): Promise<string> {
  for (let tries = 0; tries < 10; tries += 1) {
    const name = wanted ?? randomAppName();
    const { count } = await tx.app.createMany({ data: [{ ...app, name }], skipDuplicates: true });
    if (count === 1) return name;
    if (wanted !== undefined) throw new UserError('conflict', `Name ${wanted} is already taken.`);
  }
  throw new Error('no free random name in 10 tries');
}

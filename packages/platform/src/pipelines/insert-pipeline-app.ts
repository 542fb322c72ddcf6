import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { parseAppName } from '@berth/domain/names';
import { insertApp } from '../apps/insert-app.js';
import type { AfterCommit } from '../platform.js';
import { checkServiceFree } from './check-service-free.js';

export interface NewPipelineApp {
  userId: string;
  pipeline: { id: string; name: string; teamId: string; repositoryId: string };
  environment: { id: string; name: string };
  /** The last environment's app has the pipeline's own name. */
  isLast: boolean;
  name?: string | undefined;
}

/** The pipeline's app of a stable environment: `<service>-<environment>`, in the last one `<service>`. Returns its id. */
export async function insertPipelineApp(tx: Tx, after: AfterCommit, input: NewPipelineApp): Promise<string> {
  const { userId, pipeline, environment, isLast } = input;
  const { id: pipelineId, name: service, teamId, repositoryId } = pipeline;
  const there = await tx.app.findFirst({ where: { pipelineId, environmentId: environment.id } });
  if (there) throw new UserError('conflict', `${service} has an app in ${environment.name} already: ${there.name}.`);
  await checkServiceFree(tx, { service, environmentId: environment.id });
  const name = parseAppName(input.name ?? (isLast ? service : `${service}-${environment.name}`));
  const of = { userId, teamId, environmentId: environment.id, repositoryId };
  return insertApp(tx, after, { ...of, name, pipeline: { id: pipelineId, name: service } });
}

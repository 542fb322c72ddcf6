import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { listStages } from '../lines/list-stages.js';

type FoundApp = Awaited<ReturnType<typeof getAppFor>>;

/** What a promotion is between: checked to be two apps of one pipeline, the target later in the line. */
export interface Stages {
  pipelineId: string;
  source: FoundApp;
  target: FoundApp;
  /** The release whose image is promoted: the source's current one, or an older one that was live. */
  release: { id: string; version: number; imageId: string };
  image: { id: string; repositoryId: string; digest: string; commit: string };
  /** Apps of the pipeline that stand between the two. */
  between: { name: string }[];
}

export async function findStages(
  db: Db | Tx,
  input: { actor: Actor; source: string; target: string; release?: string | undefined },
): Promise<Stages> {
  const { actor } = input;
  const source = await getAppFor(db, { actor, app: input.source, right: 'app.view' });
  const target = await getAppFor(db, { actor, app: input.target, right: 'app.view' });
  const { pipelineId } = source;
  if (!pipelineId || target.pipelineId !== pipelineId)
    throw new UserError('invalid_params', `${source.name} and ${target.name} are not in the same pipeline.`);
  const line = (await listStages(db, source.teamId)).map(({ id }) => id);
  const from = line.indexOf(source.environmentId); // a project environment stands before all
  const to = line.indexOf(target.environmentId);
  if (to <= from)
    throw new UserError(
      'invalid_params',
      `${target.name} (${target.environment.name}) does not come after ${source.name} (${source.environment.name}).`,
    );
  const skipped = line.slice(from + 1, to);
  const between = await db.app.findMany({
    where: { pipelineId, destroyedAt: null, environmentId: { in: skipped } },
    select: { name: true },
  });
  return { pipelineId, source, target, between, ...(await findLive(db, source, input.release)) };
}

async function findLive(
  db: Db | Tx,
  source: FoundApp,
  wanted: string | undefined,
): Promise<Pick<Stages, 'release' | 'image'>> {
  const id = wanted ?? source.currentReleaseId;
  const release = id ? await db.release.findFirst({ where: { appId: source.id, id }, include: { image: true } }) : null;
  if (wanted !== undefined && !release) throw notFound('release', wanted);
  if (!release?.image || release.status !== 'succeeded')
    throw new UserError('conflict', `${source.name} has no live release to promote: deploy it first.`);
  const { image } = release;
  if (image.collectedAt)
    throw new UserError('conflict', `The image of ${source.name} v${release.version} is gone: deploy it again.`);
  return { image, release: { id: release.id, version: release.version, imageId: image.id } };
}

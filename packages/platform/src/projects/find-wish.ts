import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import { parseBranch } from '@berth/domain/names';

/** What somebody asks of one service: a branch, a commit or a release; of none of them what the base runs. */
export interface ServiceWish {
  /** Name of a pipeline of the team. */
  service: string;
  branch?: string | undefined;
  /** 7 to 40 hex digits. */
  commit?: string | undefined;
  /** A release of the base's app: `v7`, or `current` for what the base runs. */
  release?: string | undefined;
}

/** The same, looked up. `base`: the service's app in the base environment, when it is there. */
export interface FoundWish {
  pipeline: { id: string; name: string; repositoryId: string };
  base: BaseApp | null;
  branch: string | null;
  commit: string | null;
  imageId: string | null;
}

type BaseApp = NonNullable<Awaited<ReturnType<typeof findBase>>>;

const invalid = (message: string) => new UserError('invalid_params', message);

/** Throws for a service that the team does not have, and for a wish that nothing can come of. */
export async function findWish(
  tx: Tx,
  { teamId, baseId, wish }: { teamId: string; baseId: string; wish: ServiceWish },
): Promise<FoundWish> {
  const { service, branch, commit } = wish;
  const release = wish.release ?? (branch === undefined && commit === undefined ? 'current' : undefined);
  const pipeline = await tx.pipeline.findUnique({ where: { teamId_name: { teamId, name: service } } });
  if (!pipeline) throw notFound('pipeline', service);
  if ([branch, commit, release].filter((each) => each !== undefined).length > 1)
    throw invalid(`Say only one of branch, commit and release for ${service}.`);
  if (commit !== undefined && !/^[0-9a-f]{7,40}$/.test(commit))
    throw invalid(`Commit ${JSON.stringify(commit)} of ${service} must be 7 to 40 hex digits.`);
  const base = await findBase(tx, pipeline.id, baseId);
  return {
    pipeline,
    base,
    branch: branch === undefined ? null : parseBranch(branch),
    commit: commit ?? null,
    imageId: release === undefined ? null : await findReleased(tx, service, base, release),
  };
}

const findBase = (tx: Tx, pipelineId: string, environmentId: string) =>
  tx.app.findFirst({ where: { pipelineId, environmentId, destroyedAt: null }, include: { formation: true } });

/** The image of a release of the base's app. */
async function findReleased(tx: Tx, service: string, base: BaseApp | null, release: string): Promise<string> {
  if (!base) throw invalid(`${service} is not in the base environment: it has no release there.`);
  const version = /^v?(\d{1,9})$/.exec(release)?.[1];
  if (!version && release !== 'current') throw invalid(`Release ${JSON.stringify(release)} must be v7 or current.`);
  const found = await tx.release.findFirst({
    where: version ? { appId: base.id, version: Number(version) } : { id: base.currentReleaseId ?? '' },
    include: { image: { select: { id: true, collectedAt: true } } },
  });
  if (!found) throw notFound('release', `${release} of ${base.name}`);
  if (!found.image || found.image.collectedAt) throw invalid(`The image of ${release} of ${base.name} is gone.`);
  return found.image.id;
}

import type { EnvironmentKind } from '@berth/db/generated/client';
import { type ImageLabels, imageLabels } from '@berth/domain/image-labels';
import { mayDo } from '../auth/rights.js';
import type { Platform } from '../platform.js';
import { counts } from '../releases/is-superseded.js';

/** An image that a rebase may move. */
export interface RebaseImage {
  id: string;
  repositoryId: string;
  digest: string;
  commit: string;
  labels: ImageLabels;
}

/** An app that a rebase may reach, with the image of its newest release that has not failed. */
export interface Candidate {
  appId: string;
  name: string;
  kind: EnvironmentKind;
  position: number;
  image: RebaseImage;
}

/** The apps that who started the rebase may rebase, narrowed by its wish; those that were never released are left out. */
export async function listCandidates(platform: Platform, { rebaseId }: { rebaseId: string }): Promise<Candidate[]> {
  const rebase = await platform.db.rebase.findUniqueOrThrow({ where: { id: rebaseId } });
  const { apps, environment, team } = rebase.wish as { apps?: string[]; environment?: string; team?: string };
  const rows = await platform.db.app.findMany({
    where: {
      destroyedAt: null,
      team: {
        memberships: { some: { userId: rebase.userId } },
        ...(team ? { OR: [{ id: team }, { name: team }] } : {}),
      },
      ...(environment ? { environment: { OR: [{ id: environment }, { name: environment }] } } : {}),
      ...(apps ? { OR: [{ id: { in: apps } }, { name: { in: apps } }] } : {}),
    },
    include: {
      environment: true,
      team: { include: { memberships: { where: { userId: rebase.userId } } } },
      releases: { where: { status: { in: counts } }, orderBy: { version: 'desc' }, take: 1, include: { image: true } },
    },
  });
  return rows.flatMap((app) => {
    const role = app.team.memberships[0]?.role;
    const image = app.releases[0]?.image;
    if (!image || !role || !mayDo(role, 'app.rebase')) return [];
    const { kind, position } = app.environment;
    return [{ appId: app.id, name: app.name, kind, position, image: toRebaseImage(image) }];
  });
}

export function toRebaseImage(row: {
  id: string;
  repositoryId: string;
  digest: string;
  commit: string;
  labels: unknown;
}): RebaseImage {
  const { id, repositoryId, digest, commit } = row;
  return { id, repositoryId, digest, commit, labels: imageLabels.safeParse(row.labels).data ?? {} };
}

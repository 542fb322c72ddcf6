import type { Prisma } from '@berth/db/generated/client';
import { joinFormation } from '@berth/domain/formation';
import { processTypesIn } from '@berth/domain/run-settings';
import { appUrl, gitUrl, sshUrl } from '../addresses.js';
import type { Platform } from '../platform.js';
import { surroundings } from '../surroundings.js';

export type AppState = 'empty' | 'deploying' | 'up' | 'crashed' | 'scaled_to_zero' | 'maintenance';

/** What people see of an app. `state` is derived, never stored. */
export interface AppView {
  id: string;
  name: string;
  team: { id: string; name: string };
  environment: { id: string; name: string };
  repositoryId: string;
  deployBranch: string | null;
  maintenance: boolean;
  /** Debug deploys are on until then. */
  debugUntil: Date | null;
  /** Heroku's CLI may push images to it. */
  isContainer: boolean;
  currentRelease: {
    id: string;
    version: number;
    description: string;
    createdAt: Date;
    commit: string | null;
  } | null;
  webUrl: string;
  gitUrl: string;
  /** Of a shell beside its first process. */
  sshUrl: string;
  ownerId: string;
  ownerEmail: string;
  createdAt: Date;
  updatedAt: Date;
  releasedAt: Date | null;
  imageSizeBytes: number | null;
  state: AppState;
}

/** What {@link toAppView} reads. */
export const appViewInclude = {
  team: { select: { id: true, name: true } },
  environment: { select: { id: true, name: true, ...surroundings } },
  // Lists have hundreds of apps: what is large and not looked at stays where it is.
  currentRelease: {
    omit: { config: true, ownConfig: true },
    include: { image: { omit: { inputs: true, labels: true, agents: true, cron: true } } },
  },
  formation: true,
  builds: { where: { status: { in: ['pending', 'running'] } }, select: { id: true }, take: 1 },
  releases: { where: { status: { in: ['pending', 'running'] } }, select: { id: true }, take: 1 },
  rollouts: {
    where: { status: { in: ['pending', 'running', 'succeeded'] }, retiredAt: null },
    orderBy: { endedAt: { sort: 'desc', nulls: 'first' } },
    include: { instances: { where: { state: { not: 'down' } }, select: { processType: true, state: true } } },
  },
} satisfies Prisma.AppInclude;

export type AppRow = Prisma.AppGetPayload<{ include: typeof appViewInclude }>;

export function toAppView(platform: Platform, row: AppRow, users: readonly { id: string; email: string }[]): AppView {
  const { id, name, team, repositoryId, deployBranch, maintenance, isContainer, createdAt, updatedAt, debugUntil } =
    row;
  const environment = { id: row.environment.id, name: row.environment.name };
  const release = row.currentRelease;
  return {
    id,
    name,
    team,
    environment,
    repositoryId,
    deployBranch,
    maintenance,
    debugUntil,
    isContainer,
    createdAt,
    updatedAt,
    currentRelease: release && {
      id: release.id,
      version: release.version,
      description: release.description,
      createdAt: release.createdAt,
      commit: release.image?.commit ?? null,
    },
    webUrl: appUrl(platform.addresses, name),
    gitUrl: gitUrl(platform.addresses, name),
    sshUrl: sshUrl(platform.addresses, name),
    ownerId: row.createdById,
    ownerEmail: users.find((user) => user.id === row.createdById)?.email ?? '',
    releasedAt: release?.endedAt ?? null,
    imageSizeBytes: release?.image?.sizeBytes ?? null,
    state: stateOf(row),
  };
}

function stateOf(row: AppRow): AppState {
  if (row.maintenance) return 'maintenance';
  const isRollingOut = row.rollouts.some(({ status }) => status !== 'succeeded');
  if (row.builds.length > 0 || row.releases.length > 0 || isRollingOut) return 'deploying';
  const release = row.currentRelease;
  if (!release?.image) return 'empty';
  const wanted = joinFormation(row.formation, processTypesIn(release.image, release.sections), row.environment).filter(
    ({ quantity }) => quantity > 0,
  );
  if (wanted.length === 0) return 'scaled_to_zero';
  const instances = row.rollouts.find(({ status }) => status === 'succeeded')?.instances ?? [];
  // The app is up when what people reach is: web, or every process of an app without web.
  const decisive = wanted.some(({ processType: name }) => name === 'web')
    ? instances.filter(({ processType: name }) => name === 'web')
    : instances;
  const isCrashed = decisive.some(({ state }) => state === 'crashed') && !decisive.some(({ state }) => state === 'up');
  return isCrashed ? 'crashed' : 'up';
}

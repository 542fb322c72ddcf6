import type { Prisma } from '@berth/db/generated/client';
import { projectStatus } from '@berth/domain/project-environment';
import { processTypesIn } from '@berth/domain/run-settings';
import type { BuildStatus, ReleaseStatus, ServiceStatus } from '@berth/domain/status';
import { appUrl } from '../addresses.js';
import type { Platform } from '../platform.js';
import type { StepView } from '../steps/step-view.js';

interface Named {
  id: string;
  name: string;
}

/** A project environment as people see it. */
export interface ProjectView {
  id: string;
  name: string;
  team: Named;
  base: Named;
  owner: { id: string; email: string } | null;
  /** Of all its services together; `message` is one sentence when one failed. */
  status: ServiceStatus;
  message: string | null;
  untilMerged: boolean;
  createdAt: Date;
  expiresAt: Date | null;
  /** Since when it is said that it goes soon. */
  warnedAt: Date | null;
  services: ProjectServiceView[];
  /** The team's other services: the base answers for them, or nobody (`app` null). `commit`: what that app runs. */
  fallbacks: { service: string; app: Named | null; commit: string | null }[];
  /** Services that somebody's own machine answers for now (tethers/begin-detours). */
  detours: { service: string; by: { id: string; email: string } | null; since: Date }[];
}

export interface ProjectServiceView {
  service: string;
  app: Named;
  /** Null when what it runs has no web process. */
  webUrl: string | null;
  status: ServiceStatus;
  message: string | null;
  branch: string | null;
  /** What it runs, else what it is to run. */
  commit: string | null;
  release: { id: string; version: number; status: ReleaseStatus } | null;
  build: { id: string; status: BuildStatus } | null;
  /** Of its build, then of its release and rollout; only where one environment is looked at. */
  steps: StepView[];
  askedAt: Date;
  endedAt: Date | null;
}

/** What {@link toProjectView} reads. */
export const projectInclude = {
  team: { select: { id: true, name: true } },
  base: { select: { id: true, name: true } },
  detours: { orderBy: { service: 'asc' } },
  apps: {
    where: { destroyedAt: null },
    orderBy: { name: 'asc' },
    include: {
      pipeline: { select: { id: true, name: true } },
      projectService: true,
      currentRelease: { include: { image: { select: { commit: true, processTypes: true, environments: true } } } },
    },
  },
} satisfies Prisma.EnvironmentInclude;

export type ProjectRow = Prisma.EnvironmentGetPayload<{ include: typeof projectInclude }>;
type AppRow = ProjectRow['apps'][number];

/** What the rows of several environments refer to without a relation. */
export interface Referred {
  users: ReadonlyMap<string, string>;
  builds: ReadonlyMap<string, { id: string; status: BuildStatus }>;
  releases: ReadonlyMap<string, { id: string; version: number; status: ReleaseStatus }>;
  /** By app. */
  steps: ReadonlyMap<string, StepView[]>;
  /** Pipelines of the team, each with its app in the base environment. */
  pipelines: readonly { name: string; teamId: string; apps: readonly BaseApp[] }[];
}

type BaseApp = Named & {
  environmentId: string;
  currentRelease: { image: { commit: string | null } | null } | null;
};

export function toProjectView(platform: Platform, row: ProjectRow, referred: Referred): ProjectView {
  const services = row.apps.flatMap((app) => toServiceView(platform, app, referred));
  const own = new Set(services.map(({ service }) => service));
  const personOf = (id: string | null) => {
    const email = id === null ? undefined : referred.users.get(id);
    return id !== null && email !== undefined ? { id, email } : null;
  };
  return {
    ...{ id: row.id, name: row.name, team: row.team, base: row.base ?? { id: '', name: '' } },
    owner: personOf(row.ownerId),
    ...projectStatus(services.map(({ service, status, message }) => ({ service, status, errorMessage: message }))),
    ...{ untilMerged: row.untilMerged, createdAt: row.createdAt, expiresAt: row.expiresAt, warnedAt: row.warnedAt },
    services,
    fallbacks: referred.pipelines
      .filter(({ teamId, name }) => teamId === row.teamId && !own.has(name))
      .map(({ name, apps }) => {
        const base = apps.find(({ environmentId }) => environmentId === row.baseId);
        const commit = base?.currentRelease?.image?.commit ?? null;
        return { service: name, app: base ? { id: base.id, name: base.name } : null, commit };
      }),
    detours: row.detours
      .filter(({ leaseUntil }) => leaseUntil > new Date())
      .map(({ service, userId, createdAt }) => ({ service, by: personOf(userId), since: createdAt })),
  };
}

function toServiceView(platform: Platform, app: AppRow, referred: Referred): ProjectServiceView[] {
  const { projectService: row, pipeline, currentRelease } = app;
  if (!row || !pipeline) return [];
  const image = currentRelease?.image;
  const types = image ? processTypesIn(image, currentRelease.sections) : undefined;
  // A push to the app itself, or a rollback, has mended what was asked for.
  const isMended = row.status === 'failed' && (currentRelease?.endedAt ?? 0) > (row.endedAt ?? 0);
  const hasWeb = types?.some(({ name }) => name === 'web') ?? true;
  return [
    {
      service: pipeline.name,
      app: { id: app.id, name: app.name },
      webUrl: hasWeb ? appUrl(platform.addresses, app.name) : null,
      status: isMended ? 'ready' : row.status,
      message: isMended ? null : row.errorMessage,
      branch: row.branch,
      commit: image?.commit ?? row.commit,
      release: (row.releaseId && referred.releases.get(row.releaseId)) || null,
      build: (row.buildId && referred.builds.get(row.buildId)) || null,
      steps: referred.steps.get(app.id) ?? [],
      askedAt: row.askedAt,
      endedAt: row.endedAt,
    },
  ];
}

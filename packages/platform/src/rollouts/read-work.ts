import type { Db, Tx } from '@berth/db/client';
import type { EnvironmentKind, ImageRegistry } from '@berth/db/generated/client';
import { imageLabels } from '@berth/domain/image-labels';
import {
  type Agent,
  agent,
  type CronJob,
  cronJob,
  defaultHealthcheck,
  type Healthcheck,
  healthcheck,
  processType,
} from '@berth/domain/process-type';
import { z } from 'zod';
import { type FormationEntry, joinFormation } from '../formation/read-formation.js';
import type { Platform } from '../platform.js';

/** Everything that the releaser needs to run a release; `config` holds secrets. */
export interface ReleaseWork {
  release: { id: string; version: number };
  app: { id: string; name: string; environmentId: string; environmentKind: EnvironmentKind };
  /** `repository` is the registry's: `app/<repository id>`. */
  image: {
    registry: ImageRegistry;
    repository: string;
    digest: string;
    commit: string;
    processTypes: z.infer<typeof processType>[];
    healthcheck: Healthcheck;
    agents: Agent[];
    cron: CronJob[];
    /** Runs once, after an app's first deploy. */
    postdeploy: string | null;
    /** Language, when it is known. */
    runtime: string | undefined;
  };
  config: Record<string, string>;
  formation: FormationEntry[];
}

/** What {@link toWork} makes a {@link ReleaseWork} of. */
export const workInclude = {
  image: true,
  app: { include: { environment: { select: { kind: true, policy: true } }, formation: true } },
} as const;

/** Undefined for a release without an image: there is nothing to run. */
export async function readWork(platform: Platform, db: Db | Tx, releaseId: string): Promise<ReleaseWork | undefined> {
  const release = await db.release.findUniqueOrThrow({ where: { id: releaseId }, include: workInclude });
  return toWork(platform, release);
}

type ReleaseRow = Awaited<ReturnType<typeof findWithWork>>;
const findWithWork = (db: Db, id: string) => db.release.findUniqueOrThrow({ where: { id }, include: workInclude });

export function toWork(platform: Platform, row: ReleaseRow): ReleaseWork | undefined {
  const { app, image } = row;
  if (!image) return undefined;
  const processTypes = z.array(processType).parse(image.processTypes);
  return {
    release: { id: row.id, version: row.version },
    app: { id: app.id, name: app.name, environmentId: app.environmentId, environmentKind: app.environment.kind },
    image: {
      registry: row.registry,
      repository: `app/${image.repositoryId}`,
      digest: image.digest,
      commit: image.commit,
      processTypes,
      healthcheck: image.healthcheck === null ? defaultHealthcheck : healthcheck.parse(image.healthcheck),
      agents: z.array(agent).parse(image.agents),
      cron: z.array(cronJob).parse(image.cron),
      postdeploy: image.postdeploy,
      runtime: imageLabels.parse(image.labels).runtimeName,
    },
    config: JSON.parse(platform.secrets.open(row.config)) as Record<string, string>,
    formation: joinFormation(app.formation, processTypes, app.environment),
  };
}

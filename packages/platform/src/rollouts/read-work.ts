import type { Db, Tx } from '@berth/db/client';
import type { EnvironmentKind, ImageRegistry } from '@berth/db/generated/client';
import { firstSize } from '@berth/domain/environment-policy';
import { type FormationEntry, joinFormation } from '@berth/domain/formation';
import { imageLabels } from '@berth/domain/image-labels';
import { defaultHealthcheck, type Healthcheck } from '@berth/domain/process-type';
import { type RunSettings, settingsIn } from '@berth/domain/run-settings';
import type { Platform } from '../platform.js';
import { surroundings } from '../surroundings.js';

/** Everything that the releaser needs to run a release, as its environment has it; `config` holds secrets. */
export interface ReleaseWork {
  release: { id: string; version: number };
  app: {
    id: string;
    name: string;
    environmentId: string;
    environmentKind: EnvironmentKind;
    debugUntil: Date | null;
    /** Of what names none: commands of the app's files, as its new processes. */
    firstSize: string;
    /** That are there, with their paths in its containers. */
    volumes: { key: string; path: string }[];
  };
  /** `repository` is the registry's: `app/<repository id>`. */
  image: RunSettings & {
    registry: ImageRegistry;
    repository: string;
    digest: string;
    commit: string;
    healthcheck: Healthcheck;
    /** Runs once, after an app's first deploy. */
    postdeploy: string | null;
    /** Language, when it is known. */
    runtime: string | undefined;
  };
  config: Record<string, string>;
  formation: FormationEntry[];
}

const volumes = { addOn: { mountPath: { not: null }, status: 'provisioned' } } as const;
const select = { addOn: { select: { database: true, mountPath: true } } } as const;

/** What {@link toWork} makes a {@link ReleaseWork} of. */
export const workInclude = {
  image: true,
  app: { include: { environment: { select: surroundings }, formation: true, attachments: { where: volumes, select } } },
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
  const settings = settingsIn(image, row.sections);
  return {
    release: { id: row.id, version: row.version },
    app: {
      ...{ id: app.id, name: app.name, environmentId: app.environmentId, environmentKind: app.environment.kind },
      volumes: app.attachments.map(({ addOn }) => ({ key: addOn.database, path: addOn.mountPath ?? '' })),
      ...{ debugUntil: app.debugUntil, firstSize: firstSize(app.environment) },
    },
    image: {
      registry: row.registry,
      repository: `app/${image.repositoryId}`,
      digest: image.digest,
      commit: image.commit,
      ...settings,
      healthcheck: settings.healthcheck ?? defaultHealthcheck,
      postdeploy: image.postdeploy,
      runtime: imageLabels.parse(image.labels).runtimeName,
    },
    config: JSON.parse(platform.secrets.open(row.config)) as Record<string, string>,
    formation: joinFormation(app.formation, settings.processTypes, app.environment),
  };
}

import type { Tx } from '@berth/db/client';
import type { BuildInputs, ImageLabels } from '@berth/domain/image-labels';
import type { Agent, CronJob, Healthcheck, ProcessType } from '@berth/domain/process-type';
import type { RunOverride } from '@berth/domain/run-settings';
import { addJob } from '@berth/jobs/outbox';
import type { AfterCommit } from '../platform.js';

/** An image of the registry repository `app/<repository id>`. */
export interface NewImage {
  digest: string;
  commit: string;
  processTypes: ProcessType[];
  healthcheck: Healthcheck | null;
  agents?: Agent[];
  cron?: CronJob[];
  /** What differs, by environment. */
  environments?: Record<string, RunOverride>;
  /** Services that are started before it in a new project environment. */
  needs?: string[];
  /** Runs once, after an app's first deploy. */
  postdeploy?: string | null;
  labels: ImageLabels;
  sizeBytes: number;
  /** What a build of ours made it of. */
  inputs?: BuildInputs;
  /** The image whose layers were moved. */
  rebasedFromId?: string;
}

/**
 * The row of an image that lies in the registry, and the job that describes it there (SBOM and provenance), which nobody
 * waits for. The same source gives the same digest: then it is the same image.
 */
export async function putImage(
  tx: Tx,
  after: AfterCommit,
  { repositoryId, image }: { repositoryId: string; image: NewImage },
): Promise<string> {
  const { digest, commit, processTypes, healthcheck, labels, sizeBytes, inputs, rebasedFromId = null } = image;
  const { agents = [], cron = [], environments = {}, needs = [], postdeploy = null } = image;
  const key = { repositoryId, digest, commit };
  const { id } = await tx.image.upsert({
    where: { repositoryId_digest_commit: key },
    update: { collectedAt: null }, // it was just pushed
    create: {
      ...key,
      ...{ processTypes, agents, cron, environments, needs, postdeploy },
      ...(healthcheck ? { healthcheck } : {}),
      labels,
      sizeBytes,
      ...(inputs ? { inputs } : {}),
      rebasedFromId,
    },
    select: { id: true },
  });
  after.jobs.push(await addJob(tx, 'image.describe', { imageId: id }, { runAt: new Date(Date.now() + pauseMs) }));
  return id;
}

/** The release that uses the image goes first, ms. */
const pauseMs = 1_500;

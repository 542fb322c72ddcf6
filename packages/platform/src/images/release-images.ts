import { createHash } from 'node:crypto';
import type { Tx } from '@berth/db/client';
import { type ProcessType, processType } from '@berth/domain/process-type';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { z } from 'zod';
import type { Actor } from '../actor.js';
import { getAppToPush } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { cancelOpenPromotions } from '../promotion-moves/cancel-open-promotions.js';
import { markUploadHandled } from '../registry/mark-upload-handled.js';
import { createRelease } from '../releases/create-release.js';
import { findNewest } from '../releases/is-superseded.js';
import { snapshotConfig } from '../releases/snapshot-config.js';
import { putImage } from './put-image.js';

/** A ready image that lies in `app/<repository id>` now, for one process type. */
export interface ImageOfProcess {
  processType: string;
  digest: string;
  argv: [string, ...string[]];
  /** Git commit that it says it was made of. */
  revision?: string | undefined;
  sizeBytes: number;
}

interface Input {
  actor: Actor;
  app: string;
  images: [ImageOfProcess, ...ImageOfProcess[]];
  /** The app's other process types go on with what they run (Heroku's container:release); else the image is the whole app. */
  keepOthers: boolean;
  /** The push that brought it, taken up in order. */
  upload?: { tag: string; digest: string; lease: Lease };
}

/**
 * Releases images that were built elsewhere, as a deploy: newer than any push accepted before. Undefined when the newest
 * release is of these very images already.
 */
export function releaseImages(platform: Platform, input: Input): Promise<{ id: string; version: number } | undefined> {
  const { actor, images, upload } = input;
  return transaction(platform, async (tx, after) => {
    if (upload) await assertLease(tx, upload.lease);
    const found = await getAppToPush(tx, { actor, app: input.app });
    const app = await lockApp(tx, found.id);
    const newest = await findNewest(tx, app.id);
    const others = input.keepOthers ? await readOthers(tx, newest?.imageId ?? null) : [];
    const imageId = await putImages(tx, after, app.repositoryId, images, others);
    if (upload) {
      const { tag, digest } = upload;
      await markUploadHandled(tx, { appId: app.id, processType: '', tag, digest });
    }
    if (newest?.imageId === imageId) return undefined;
    await cancelOpenPromotions(tx, after, { appId: app.id, onlyTo: true, why: 'a newer image was released' });
    const { lastAccepted } = await tx.app.update({
      where: { id: app.id },
      data: { lastAccepted: { increment: 1 } },
      select: { lastAccepted: true },
    });
    const names = images.map(({ processType: name, digest }) => `${name} (${digest.slice(7, 19)})`);
    const release = await createRelease(tx, after, {
      appId: app.id,
      userId: actor.userId,
      reason: 'image',
      description: `Deployed ${names.join(', ')}`,
      imageId,
      config: await snapshotConfig(platform, tx, app.id),
      accepted: lastAccepted,
    });
    return { id: release.id, version: release.version };
  });
}

/** The process types of an image, each with the digest of what it runs. */
async function readOthers(tx: Tx, imageId: string | null): Promise<ProcessType[]> {
  const image = imageId ? await tx.image.findUnique({ where: { id: imageId } }) : null;
  if (!image) return [];
  const types = z.array(processType).parse(image.processTypes);
  return types.map((type) => ({ ...type, imageDigest: type.imageDigest ?? image.digest }));
}

/** The row of what runs: the first image is the release's, a process type that runs another names it. */
async function putImages(
  tx: Tx,
  after: AfterCommit,
  repositoryId: string,
  images: Input['images'],
  others: readonly ProcessType[],
): Promise<string> {
  const given = images.map(
    ({ processType: name, digest, argv }): ProcessType => ({
      ...{ name, argv, command: argv.map(shown).join(' '), singleton: false },
      imageDigest: digest,
    }),
  );
  const [first] = images;
  const kept = others.filter(({ name }) => !given.some((type) => type.name === name));
  const processTypes = [...given, ...kept]
    .map(({ imageDigest, ...type }) => (imageDigest && imageDigest !== first.digest ? { ...type, imageDigest } : type))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const content = createHash('sha256').update(JSON.stringify(processTypes)).digest('hex');
  const isCommit = /^[0-9a-f]{40}$/.test(first.revision ?? '') && processTypes.length === 1;
  return putImage(tx, after, {
    repositoryId,
    image: {
      digest: first.digest,
      commit: isCommit ? (first.revision ?? '') : content.slice(0, 40),
      processTypes,
      healthcheck: null,
      labels: {},
      sizeBytes: first.sizeBytes,
    },
  });
}

/** As a shell would want it, for people. */
const shown = (argument: string) =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

import { type BuildInputs, buildInputs, type ImageLabels, imageLabels } from '@berth/domain/image-labels';
import type { Platform } from '../platform.js';

/** Where an image comes from: what its SBOM and its provenance record are written from. */
export interface ImageOrigin {
  id: string;
  repositoryId: string;
  digest: string;
  commit: string;
  createdAt: Date;
  labels: ImageLabels;
  inputs: BuildInputs | undefined;
  /** The images that rebases moved, from this one's down to the one that was built; empty for a built one. */
  rebasedFrom: { digest: string; createdAt: Date }[];
  /** The build that made it, or that made the first of those; undefined for an image that was pushed ready-made. */
  build: { id: string; startedAt: Date | null; endedAt: Date | null } | undefined;
  source: { digest: string; commit: string; ref: string } | undefined;
  /** The app that it was built for. */
  app: { name: string } | undefined;
}

/** A chain of rebases is as long as an app goes without a push; this many are told. */
const chainMax = 100;

/** Undefined: there is no such image, or it was collected. */
export async function readOrigin(
  platform: Platform,
  { imageId }: { imageId: string },
): Promise<ImageOrigin | undefined> {
  const image = await platform.db.image.findUnique({ where: { id: imageId } });
  if (!image || image.collectedAt) return undefined;
  let root = image;
  const rebasedFrom: ImageOrigin['rebasedFrom'] = [];
  while (root.rebasedFromId && rebasedFrom.length < chainMax) {
    root = await platform.db.image.findUniqueOrThrow({ where: { id: root.rebasedFromId } });
    rebasedFrom.push({ digest: root.digest, createdAt: root.createdAt });
  }
  const build = await platform.db.build.findFirst({
    where: { imageId: root.id },
    orderBy: { createdAt: 'asc' },
    include: { source: { include: { push: true } }, app: true },
  });
  const { id, repositoryId, digest, commit, createdAt } = image;
  return {
    id,
    repositoryId,
    digest,
    commit,
    createdAt,
    labels: imageLabels.safeParse(image.labels).data ?? {},
    inputs: buildInputs.safeParse(root.inputs).data,
    rebasedFrom,
    build: build ? { id: build.id, startedAt: build.startedAt, endedAt: build.endedAt } : undefined,
    source: build
      ? { digest: build.source.digest, commit: build.source.commit, ref: build.source.push.ref }
      : undefined,
    app: build ? { name: build.app.name } : undefined,
  };
}

import { pushRecord, type RecordKind, readRecord, recordKinds } from '@berth/images/image-record';
import type { PushedImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { type ImageOrigin, readOrigin } from '@berth/platform/images/read-origin';
import { reportDescribed } from '@berth/platform/images/report-described';
import type { Builder } from '../builder.js';
import { packagesOf, recordBaseImage } from '../record-bases.js';
import { imageRepository } from '../repositories.js';
import { listLanguagePackages } from './list-language-packages.js';
import { makeProvenance } from './make-provenance.js';
import { makeSbom } from './make-sbom.js';

/**
 * Writes the SBOM and the provenance record of an image beside it in the registry, from its rows, its source and the labels
 * of its bases. A job of its own, asked for in the transaction that made the image's row: no build and no release waits for
 * it, and a kill at any line leaves it to be done.
 */
export async function describeImage(builder: Builder, { imageId }: { imageId: string }): Promise<void> {
  const { platform, registry } = builder;
  const origin = await readOrigin(platform, { imageId });
  if (!origin) return;
  const image = { repository: imageRepository(origin.repositoryId), imageDigest: origin.digest };
  const [stack, runtime] = await readBases(builder, origin);
  const records: Record<RecordKind, () => Promise<string> | string> = {
    sbom: () => sbomOf(builder, origin, stack, runtime),
    provenance: () => makeProvenance(origin, { instance: platform.instance, commitName: nameOf(builder, origin) }),
  };
  for (const kind of Object.keys(recordKinds) as RecordKind[]) {
    if (await readRecord(registry, { ...image, kind })) continue;
    await pushRecord(registry, { ...image, kind, bytes: Buffer.from(await records[kind]()) });
  }
  await reportDescribed(platform, { imageId });
}

/** The images of stack and runtime, remembered for the lists of who uses what; undefined once they were collected. */
async function readBases(builder: Builder, { labels }: ImageOrigin): Promise<(PushedImage | undefined)[]> {
  const of = [
    ['stack', labels.stack, labels.stackDigest],
    ['runtime', labels.runtimeName, labels.runtimeDigest],
  ] as const;
  return Promise.all(
    of.map(async ([kind, name, digest]) => {
      const image = name && digest ? await readImage(builder.registry, `${kind}/${name}`, digest) : undefined;
      if (image && name) await recordBaseImage(builder, kind, name, image);
      return image;
    }),
  );
}

async function sbomOf(
  builder: Builder,
  origin: ImageOrigin,
  stack: PushedImage | undefined,
  runtime: PushedImage | undefined,
): Promise<string> {
  const { labels, digest, commit, repositoryId, app } = origin;
  const language = await listLanguagePackages(builder, origin);
  const base = (name: string | undefined, image: PushedImage | undefined) =>
    name && image
      ? { name, version: image.config.labels['berth.version'] ?? '', packages: packagesOf(image.config.labels) }
      : undefined;
  return makeSbom({
    repository: imageRepository(repositoryId),
    digest,
    name: app?.name ?? repositoryId,
    version: commit,
    stack: base(labels.stack, stack),
    runtime: base(labels.runtimeName, runtime),
    language: language.packages,
    isComplete: language.isComplete && stack !== undefined,
  });
}

/** The git address of the app that the image was built for, as SLSA's `git+https://…` wants one. */
function nameOf({ platform }: Builder, { app, repositoryId }: ImageOrigin): string {
  const { domain, port } = platform.addresses;
  return `https://${domain}:${port}/${app?.name ?? repositoryId}.git`;
}

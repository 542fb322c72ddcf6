import { TransientError } from '@berth/domain/errors';
import { type RecordKind, readRecord, recordKinds } from '@berth/images/image-record';
import { askDescription } from '@berth/platform/images/ask-description';
import { findReleaseImage } from '@berth/platform/images/find-release-image';
import type { FastifyInstance } from 'fastify';
import type { Api } from '../api.js';
import { type AppRequest, appOf } from './apps.js';

type ReleaseRequest = AppRequest<{ release: string }>;

/** How long a record that is not in the registry (yet, or any more) may take the builder, ms. */
const waitMs = 15_000;

/** Ours: what a release's image is made of, and where it comes from. */
export function addImageRecords(server: FastifyInstance, api: Api): void {
  for (const kind of Object.keys(recordKinds) as RecordKind[])
    server.get(`/apps/:app/releases/:release/${kind}`, async (request: ReleaseRequest, reply) => {
      const text = await readOrMake(api, request, kind);
      return reply.type(recordKinds[kind]).send(text);
    });
}

async function readOrMake({ platform, images, stopped }: Api, request: ReleaseRequest, kind: RecordKind) {
  if (!images) throw new Error('this API has no registry');
  const release = await findReleaseImage(platform, { ...appOf(request), version: request.params.release });
  const read = () => readRecord(images, { repository: release.repository, imageDigest: release.digest, kind });
  const kept = await read();
  if (kept !== undefined) return kept;
  await askDescription(platform, { imageId: release.imageId });
  const end = Date.now() + waitMs;
  const look = async () => (await read()) ?? (Date.now() > end ? null : undefined);
  const made = await platform.wake.until([`image:${release.imageId}`], look, stopped);
  if (!made) throw new TransientError(`the ${kind} of ${release.digest} was not written in time`);
  return made;
}

import { diffTables, librariesOf } from '@berth/domain/promotion-diff';
import { readRecord } from '@berth/images/image-record';
import { diffPromotion, type ImagePlace } from '@berth/platform/promotions/diff-promotion';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseQuery } from '../parse-body.js';

const query = z.object({ source: z.string(), target: z.string(), release: z.string().optional() });

/** Ours: what a promotion would change, shown before. */
export function addPromotionDiff(server: FastifyInstance, api: Api): void {
  server.get('/pipeline-promotions/diff', async (request: FastifyRequest) => {
    const diff = await diffPromotion(api.platform, { actor: personOf(request), ...parseQuery(query, request) });
    const { from, to } = diff.images;
    const [before, after] = await Promise.all([from ? readLibraries(api, from) : {}, readLibraries(api, to)]);
    const shown = (image: ImagePlace | null) => image && { digest: image.digest, commit: image.commit };
    return {
      source: diff.source,
      target: diff.target,
      image: { from: shown(from), to: shown(to) },
      commits: diff.commits.map(({ commit, message, createdAt }) => ({ commit, message, created_at: createdAt })),
      is_older: diff.isOlder,
      config: diff.config,
      processes: diff.processes,
      dependencies: before && after && diffTables(before, after), // null: an SBOM is not written yet
    };
  });
}

/** From the SBOM beside the image; undefined while there is none. */
async function readLibraries(
  { images }: Api,
  { repository, digest }: ImagePlace,
): Promise<Record<string, string> | null> {
  if (!images) return null;
  const sbom = await readRecord(images, { repository, imageDigest: digest, kind: 'sbom' });
  return sbom === undefined ? null : librariesOf(JSON.parse(sbom));
}

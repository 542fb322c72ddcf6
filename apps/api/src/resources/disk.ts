import { retentionBounds } from '@berth/domain/retention-bounds';
import { askCollection } from '@berth/platform/collections/ask-collection';
import { getCollection, listCollections } from '@berth/platform/collections/get-collection';
import { getLedger } from '@berth/platform/disk/get-ledger';
import { setRetention } from '@berth/platform/disk/set-retention';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireCollection, toWireLedger, toWireRetention } from '../wire/disk.js';

type CollectionRequest = FastifyRequest<{ Params: { collection: string } }>;
type RetentionRequest = FastifyRequest<{ Params: { team: string; environment: string } }>;
type LedgerRequest = FastifyRequest<{ Querystring: { team?: string } }>;

const clean = z.object({ team: z.string().optional(), dry_run: z.boolean().default(false) });
const within = ({ least, most }: { least: number; most: number }) => z.int().min(least).max(most);
/** What of an environment's retention somebody changes. */
export const retentionFields = {
  /** null: the default of the environment's kind */
  kept_releases: within(retentionBounds.keptReleases).nullable().optional(),
  kept_days: within(retentionBounds.keptDays).optional(),
  kept_lines: within(retentionBounds.keptLines).optional(),
};
const retention = z.object(retentionFields);

/** The same as our names have it, without what is not changed. */
export const toRetention = (asked: z.infer<typeof retention>) => ({
  ...(asked.kept_releases !== undefined && { keptReleases: asked.kept_releases }),
  ...(asked.kept_days !== undefined && { keptDays: asked.kept_days }),
  ...(asked.kept_lines !== undefined && { keptLines: asked.kept_lines }),
});

/** What fills the disk, and cleaning it. Without a team: what the caller answers for. */
export function addDisk(server: FastifyInstance, { platform }: Api): void {
  const actorOf = (request: FastifyRequest) => personOf(request);
  server.get('/disk', async (request: LedgerRequest) =>
    toWireLedger(await getLedger(platform, { actor: actorOf(request), team: request.query.team })),
  );
  server.post('/disk/clean', async (request, reply) => {
    const { team, dry_run: dryRun } = parseBody(clean, request);
    const collection = await askCollection(platform, { actor: actorOf(request), team, dryRun });
    return reply.code(202).send(toWireCollection(collection));
  });
  server.get('/disk/collections', async (request) =>
    (await listCollections(platform, { actor: actorOf(request) })).map(toWireCollection),
  );
  server.get('/disk/collections/:collection', async (request: CollectionRequest) =>
    toWireCollection(await getCollection(platform, { actor: actorOf(request), id: request.params.collection })),
  );
  server.patch('/teams/:team/environments/:environment/retention', async (request: RetentionRequest) => {
    const changes = toRetention(parseBody(retention, request));
    return toWireRetention(await setRetention(platform, { actor: actorOf(request), ...request.params, ...changes }));
  });
}

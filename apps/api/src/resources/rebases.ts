import { rebaseWish } from '@berth/domain/rebase';
import { rebaseStatus } from '@berth/domain/status';
import { cancelRebase } from '@berth/platform/rebases/cancel-rebase';
import { getRebase } from '@berth/platform/rebases/get-rebase';
import { listRebases } from '@berth/platform/rebases/list-rebases';
import type { RebaseDetail } from '@berth/platform/rebases/rebase-view';
import { startRebase } from '@berth/platform/rebases/start-rebase';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireRebase, toWireRebaseDetail } from '../wire/rebase.js';

type RebaseRequest = FastifyRequest<{ Params: { rebase: string } }>;

const wanted = z.strictObject({
  stack: rebaseWish.shape.stack,
  runtime: rebaseWish.shape.runtime,
  apps: z.array(z.string().min(1)).min(1).optional(),
  environment: z.string().min(1).optional(),
  team: z.string().min(1).optional(),
  dry_run: z.boolean().default(false),
  wave_size: z.number().int().optional(),
});

/** A dry run is answered when it is planned; one that takes longer is asked for again by its id, ms. */
const planMs = 30_000;

/** Ours: moving a newer stack or a patch of a runtime under images that are there. */
export function addRebases(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  const of = (request: RebaseRequest) => ({ actor: personOf(request), rebase: request.params.rebase });

  server.post('/rebases', async (request, reply) => {
    const { dry_run: dryRun, wave_size: waveSize, ...wish } = parseBody(wanted, request);
    const actor = personOf(request);
    const { id } = await startRebase(platform, {
      actor,
      wish,
      dryRun,
      ...(waveSize === undefined ? {} : { waveSize }),
    });
    const read = () => getRebase(platform, { actor, rebase: id });
    const rebase = (await planned(api, id, read)) ?? (await read());
    return reply.code(dryRun ? 200 : 201).send(toWireRebaseDetail(rebase));
  });
  server.get('/rebases', async (request) =>
    (await listRebases(platform, { actor: personOf(request) })).map(toWireRebase),
  );
  server.get('/rebases/:rebase', async (request: RebaseRequest) =>
    toWireRebaseDetail(await getRebase(platform, of(request))),
  );
  server.delete('/rebases/:rebase', async (request: RebaseRequest) => {
    await cancelRebase(platform, of(request));
    return toWireRebaseDetail(await getRebase(platform, of(request)));
  });
}

/** Waits until it is known what the rebase does; the rebase as it is when that takes too long. */
function planned({ platform, stopped }: Api, id: string, read: () => Promise<RebaseDetail>) {
  const end = Date.now() + planMs;
  const look = async () => {
    const rebase = await read();
    const isOver = rebaseStatus.isTerminal(rebase.status);
    const isKnown = isOver || (!rebase.dryRun && rebase.plannedAt !== null) || Date.now() > end;
    return isKnown ? rebase : undefined;
  };
  return platform.wake.until([`rebase:${id}`], look, stopped);
}

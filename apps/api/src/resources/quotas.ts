import { quota } from '@berth/domain/quota';
import { getQuota, type QuotaView } from '@berth/platform/quotas/get-quota';
import { setEnvironmentQuota, setTeamQuota } from '@berth/platform/quotas/set-quota';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';

type TeamRequest = FastifyRequest<{ Params: { team: string } }>;
type EnvironmentRequest = FastifyRequest<{ Params: { team: string; environment: string } }>;

const whole = z.int().min(0).nullish();
const cpus = z.number().min(0).nullish();
const change = z.strictObject({ apps: whole, environments: whole, memory_mib: whole, cpus, disk_mib: whole });

/** Ours: what a team and its environments may take, beside what they take. */
export function addQuotas(server: FastifyInstance, { platform }: Api): void {
  server.get('/teams/:team/quota', async (request: TeamRequest) =>
    toWire(await getQuota(platform, { actor: personOf(request), ...request.params })),
  );
  server.put('/teams/:team/quota', async (request: TeamRequest) => {
    const actor = personOf(request);
    await setTeamQuota(platform, { actor, ...request.params, limits: limitsOf(request) });
    return toWire(await getQuota(platform, { actor, ...request.params }));
  });
  server.get('/teams/:team/environments/:environment/quota', async (request: EnvironmentRequest) =>
    toWire(await getQuota(platform, { actor: personOf(request), ...request.params })),
  );
  server.put('/teams/:team/environments/:environment/quota', async (request: EnvironmentRequest) => {
    const actor = personOf(request);
    await setEnvironmentQuota(platform, { actor, ...request.params, limits: limitsOf(request) });
    return toWire(await getQuota(platform, { actor, ...request.params }));
  });
}

/** A limit that is null or left out is none. */
function limitsOf(request: FastifyRequest) {
  const { apps, environments, cpus, memory_mib: memoryMiB, disk_mib: diskMiB } = parseBody(change, request);
  const given = Object.entries({ apps, environments, cpus, memoryMiB, diskMiB }).filter(([, value]) => value != null);
  return quota.parse(Object.fromEntries(given));
}

function toWire({ limits, taken }: QuotaView) {
  const row = (amounts: QuotaView['limits']) => ({
    apps: amounts.apps ?? null,
    environments: amounts.environments ?? null,
    memory_mib: amounts.memoryMiB ?? null,
    cpus: amounts.cpus ?? null,
    disk_mib: amounts.diskMiB === undefined ? null : Math.round(amounts.diskMiB),
  });
  return { limits: row(limits), taken: row(taken) };
}

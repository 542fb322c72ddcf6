import { getUsage } from '@berth/platform/usage/get-usage';
import { reportUsage, type UsageReport, type UsageSum, usageCsv } from '@berth/platform/usage/report-usage';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';

type UsageRequest = FastifyRequest<{ Params: { team: string }; Querystring: { month?: string } }>;

/** Ours: what the apps of a team used in a month and what that costs, as JSON or as CSV for a spreadsheet. */
export function addUsageReport(server: FastifyInstance, { platform, prices }: Api): void {
  const report = async (request: UsageRequest) => {
    const month = request.query.month ?? new Date().toISOString().slice(0, 7);
    const usage = await getUsage(platform, { actor: personOf(request), team: request.params.team, month });
    return reportUsage(usage, prices);
  };
  server.get('/teams/:team/usage', async (request: UsageRequest) => toWire(await report(request)));
  server.get('/teams/:team/usage.csv', async (request: UsageRequest, reply) =>
    reply.type('text/csv; charset=utf-8').send(usageCsv(await report(request))),
  );
}

/** `cost` null: this Berth has no prices. */
const toWire = ({ environments, apps, ...total }: UsageReport) => ({
  ...toWireSum(total),
  environments: environments.map(({ environment, ...sum }) => ({ environment, ...toWireSum(sum) })),
  apps: apps.map(({ environment, app, awakeHours, asleepHours, ...sum }) => ({
    ...{ environment, app, ...toWireSum(sum) },
    ...{ awake_hours: awakeHours, asleep_hours: asleepHours },
  })),
});

const toWireSum = ({ cpuHours, gibHours, cost }: UsageSum) => ({ cpu_hours: cpuHours, gib_hours: gibHours, cost });

import { costOf, type Prices } from '@berth/domain/meter-usage';
import { type AppUsage, getUsage } from '@berth/platform/usage/get-usage';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';

type UsageRequest = FastifyRequest<{ Params: { team: string }; Querystring: { month?: string } }>;

/** Ours: what the apps of a team used in a month and what that costs, as JSON or as CSV for a spreadsheet. */
export function addUsageReport(server: FastifyInstance, { platform, prices }: Api): void {
  const read = (request: UsageRequest) => {
    const month = request.query.month ?? new Date().toISOString().slice(0, 7);
    return getUsage(platform, { actor: personOf(request), team: request.params.team, month });
  };
  server.get('/teams/:team/usage', async (request: UsageRequest) => toWire(await read(request), prices));
  server.get('/teams/:team/usage.csv', async (request: UsageRequest, reply) =>
    reply.type('text/csv; charset=utf-8').send(toCsv(await read(request), prices)),
  );
}

const columns = ['environment', 'app', 'cpu_hours', 'gib_hours', 'awake_hours', 'asleep_hours', 'cost'] as const;

const toRow = ({ environment, app, ...used }: AppUsage, prices: Prices | undefined) => ({
  ...{ environment, app },
  cpu_hours: round(used.cpuHours),
  gib_hours: round(used.gibHours),
  awake_hours: round(used.awakeHours),
  asleep_hours: round(used.asleepHours),
  /** null: this Berth has no prices */
  cost: prices ? round(costOf(used, prices)) : null,
});

function toWire(usage: readonly AppUsage[], prices: Prices | undefined) {
  const apps = usage.map((one) => toRow(one, prices));
  const environments = [...new Set(apps.map(({ environment }) => environment))].map((environment) => ({
    environment,
    ...sum(apps.filter((row) => row.environment === environment)),
  }));
  return { ...sum(apps), environments, apps };
}

function sum(rows: readonly ReturnType<typeof toRow>[]) {
  const of = (name: 'cpu_hours' | 'gib_hours' | 'cost') =>
    rows.some((row) => row[name] === null) ? null : round(rows.reduce((total, row) => total + (row[name] ?? 0), 0));
  return { cpu_hours: of('cpu_hours'), gib_hours: of('gib_hours'), cost: of('cost') };
}

/** Names of environments and apps have no comma, quote or line end (packages/domain/names). */
const toCsv = (usage: readonly AppUsage[], prices: Prices | undefined) =>
  [columns.join(','), ...usage.map((one) => columns.map((name) => toRow(one, prices)[name] ?? '').join(','))]
    .map((line) => `${line}\n`)
    .join('');

const round = (amount: number) => Math.round(amount * 10_000) / 10_000;

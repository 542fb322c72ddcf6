import { costOf, type Prices } from '@berth/domain/meter-usage';
import type { AppUsage } from './get-usage.js';

/** A month's use with its cost; null: this Berth has no prices. Amounts are rounded to four digits after the point. */
export interface UsageReport extends UsageSum {
  environments: (UsageSum & { environment: string })[];
  apps: (AppUsage & { cost: number | null })[];
}

export interface UsageSum {
  cpuHours: number;
  gibHours: number;
  cost: number | null;
}

export function reportUsage(usage: readonly AppUsage[], prices: Prices | undefined): UsageReport {
  const apps = usage.map(({ environment, app, ...used }) => ({
    ...{ environment, app, cpuHours: round(used.cpuHours), gibHours: round(used.gibHours) },
    ...{ awakeHours: round(used.awakeHours), asleepHours: round(used.asleepHours) },
    cost: prices ? round(costOf(used, prices)) : null,
  }));
  const environments = [...new Set(apps.map(({ environment }) => environment))].map((environment) => ({
    environment,
    ...sum(apps.filter((row) => row.environment === environment)),
  }));
  return { ...sum(apps), environments, apps };
}

function sum(rows: readonly UsageSum[]): UsageSum {
  const of = (name: 'cpuHours' | 'gibHours') => round(rows.reduce((total, row) => total + row[name], 0));
  const isPriced = rows.every(({ cost }) => cost !== null);
  const cost = isPriced ? round(rows.reduce((total, row) => total + (row.cost ?? 0), 0)) : null;
  return { cpuHours: of('cpuHours'), gibHours: of('gibHours'), cost };
}

const columns = [
  ['environment', 'environment'],
  ['app', 'app'],
  ['cpu_hours', 'cpuHours'],
  ['gib_hours', 'gibHours'],
  ['awake_hours', 'awakeHours'],
  ['asleep_hours', 'asleepHours'],
  ['cost', 'cost'],
] as const;

/** For a spreadsheet. Names of environments and apps have no comma, quote or line end (packages/domain/names). */
export const usageCsv = ({ apps }: UsageReport): string =>
  [columns.map(([title]) => title), ...apps.map((row) => columns.map(([, name]) => row[name] ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');

const round = (amount: number) => Math.round(amount * 10_000) / 10_000;

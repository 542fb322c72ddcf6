import { formatTable } from './format-table.js';
import type { ProjectEnvironment } from './project-environment.js';

/** What a project environment takes and has, as the API tells it (apps/api/src/wire). */
export interface Details {
  footprint: Footprint;
  data: ProjectData[];
  /** By the service's name. */
  sleep: Record<string, Sleep>;
}

export interface Footprint {
  own: Taken;
  /** What a full copy of the base would take. */
  copy: Taken;
  used: { cpu_hours: number; gib_hours: number };
  /** Null: this Berth has no prices. */
  cost: number | null;
}

interface Taken {
  apps: number;
  memory_mib: number;
  cpus: number;
  /** Null: nobody has looked for minutes. */
  now: { own_bytes: number; cpus: number } | null;
}

export interface ProjectData {
  service: string;
  attachment: string;
  addon: string;
  status: string;
  policy: 'share' | 'empty' | 'copy' | 'own';
  base: string | null;
  masked: boolean;
}

export interface Sleep {
  state: string;
  since: string | null;
  slept_seconds: number;
  saved: { memory_bytes: number; gib_hours: number };
}

const MiB = 1024 * 1024;

/** The lines that say whose it is, how it ends, sleeps, what it takes and costs, and what its data are. */
export function describeDetails(environment: ProjectEnvironment, { footprint, data, sleep }: Details): string[] {
  const { owner, base, until_merged: untilMerged } = environment;
  const { own, copy, used, cost } = footprint;
  return formatTable([
    ['owner', owner?.email ?? 'nobody any more'],
    ...(untilMerged ? [['ends', 'when its branches are merged, too']] : []),
    ...Object.entries(sleep).map(([service, of], n) => [n === 0 ? 'sleep' : '', `${service}: ${describeSleep(of)}`]),
    ['takes', `${describeTaken(own)}; a full copy of ${base.name}: ${describeTaken(copy)}`],
    ['used', `${round(used.cpu_hours)} CPU hours, ${round(used.gib_hours)} GiB hours since it was made`],
    ['cost', cost === null ? 'this Berth has no prices' : `${round(cost)} since it was made`],
    ...data.map((one, n) => [n === 0 ? 'data' : '', describeData(one)]),
  ]).map((line) => `  ${line}`);
}

function describeSleep({ state, since, slept_seconds: seconds, saved }: Sleep): string {
  const now = state === 'awake' ? 'awake' : `${state.replaceAll('_', ' ')}${since ? ` since ${since}` : ''}`;
  const freed = saved.memory_bytes > 0 ? `, gives back ${Math.round(saved.memory_bytes / MiB)} MiB` : '';
  const slept = seconds > 0 ? `, slept ${Math.round(seconds / 60)} minutes in all` : '';
  return `${now}${freed}${slept}${saved.gib_hours > 0 ? `, saved ${round(saved.gib_hours)} GiB hours` : ''}`;
}

function describeTaken({ apps, memory_mib: memoryMiB, cpus, now }: Taken): string {
  const seen = now ? `${Math.round(now.own_bytes / MiB)} MiB and ${round(now.cpus)} CPUs now, of ` : '';
  return `${seen}${memoryMiB} MiB and ${round(cpus)} CPUs at the most (${apps} app${apps === 1 ? '' : 's'})`;
}

const policies: Record<ProjectData['policy'], (base: string | null) => string> = {
  share: () => 'shared with the base',
  empty: (base) => `its own, empty at first, in place of ${base}`,
  copy: (base) => `a copy of ${base}`,
  own: () => 'made in this environment',
};

function describeData({ service, attachment, addon, status, policy, base, masked }: ProjectData): string {
  const state = status === 'provisioned' ? '' : ` (${status})`;
  return `${service}: ${attachment}_URL is ${addon}, ${policies[policy](base)}${masked ? ', masked' : ''}${state}`;
}

/** Two decimals say enough; what is less is not nothing. */
const round = (value: number) => (value > 0 && value < 0.005 ? '< 0.01' : String(Math.round(value * 100) / 100));

import { didYouMean } from './did-you-mean.js';
import { UserError } from './errors.js';

/** What a database gets of the data server. */
export interface PostgresPlan {
  kind: 'postgresql';
  name: string;
  humanName: string;
  /** At the same time, of one credential. */
  connectionsMax: number;
  /** Default of a session, which it may change; ms. */
  statementTimeoutMs: number;
  /** Of one session's sorts and temporary tables on disk. */
  temporaryMiB: number;
}

/** What a Redis server of its own has. */
export interface RedisPlan {
  kind: 'redis';
  name: string;
  humanName: string;
  /** Of all clients together. */
  connectionsMax: number;
  /** Data; what would be more is refused. */
  dataMiB: number;
  /** Of the whole server, counted against quotas: a snapshot while the data change may take as much again. */
  memoryMiB: number;
  /** Writes are on the disk within a second; otherwise a restart empties it. */
  isPersistent: boolean;
}

/** A disk of its own, of this size. */
export interface VolumePlan {
  kind: 'volume';
  /** `5gb` */
  name: string;
  humanName: string;
  sizeBytes: number;
}

export type AddOnPlan = PostgresPlan | RedisPlan | VolumePlan;

export interface AddOnService {
  name: string;
  humanName: string;
  /** Other names by which people may ask for it. */
  aliases: readonly string[];
  /** Of an attachment, unless the app has one of that name. */
  attachmentName: string;
  /** The first one is the default. Of a volume there are others between them. */
  plans: readonly [AddOnPlan, ...AddOnPlan[]];
}

/** By Heroku's name, which its CLI looks for. */
export const addOnServices: readonly AddOnService[] = [
  {
    name: 'heroku-postgresql',
    humanName: 'PostgreSQL on this Berth',
    aliases: ['berth-postgresql', 'postgresql', 'postgres'],
    attachmentName: 'DATABASE',
    plans: [
      {
        ...{ kind: 'postgresql', name: 'essential-0', humanName: 'Essential 0', connectionsMax: 20 },
        ...{ statementTimeoutMs: 60_000, temporaryMiB: 1_024 },
      },
      {
        ...{ kind: 'postgresql', name: 'standard-0', humanName: 'Standard 0', connectionsMax: 60 },
        ...{ statementTimeoutMs: 300_000, temporaryMiB: 4_096 },
      },
    ],
  },
  {
    name: 'heroku-redis',
    humanName: 'Redis on this Berth',
    aliases: ['berth-redis', 'redis'],
    attachmentName: 'REDIS',
    plans: [
      redisPlan('mini', { connectionsMax: 20, dataMiB: 25, isPersistent: false }),
      redisPlan('premium-0', { connectionsMax: 40, dataMiB: 50, isPersistent: true }),
      redisPlan('premium-1', { connectionsMax: 80, dataMiB: 100, isPersistent: true }),
      redisPlan('premium-2', { connectionsMax: 200, dataMiB: 250, isPersistent: true }),
      redisPlan('premium-3', { connectionsMax: 400, dataMiB: 500, isPersistent: true }),
    ],
  },
  {
    name: 'berth-volume',
    humanName: 'Volume on this Berth',
    aliases: ['volume'],
    attachmentName: 'VOLUME',
    plans: [volumePlan(1), volumePlan(5), volumePlan(20), volumePlan(100)],
  },
];

/** GiB. */
const volumeSizeMax = 1_000;

function volumePlan(gib: number): VolumePlan {
  return { kind: 'volume', name: `${gib}gb`, humanName: `${gib} GiB`, sizeBytes: gib * 1024 ** 3 };
}

/** `5gb`; undefined for what is no size, throws for one that is too small or too large. */
function parseVolumePlan(name: string): VolumePlan | undefined {
  const [, number] = /^(\d+)gb$/i.exec(name) ?? [];
  if (number === undefined) return undefined;
  const gib = Number(number);
  if (gib >= 1 && gib <= volumeSizeMax) return volumePlan(gib);
  throw new UserError('invalid_params', `A volume has between 1gb and ${volumeSizeMax}gb.`);
}

/** Size of a volume of this plan, `5gb`; bytes, 0 for what is none. */
export const volumeBytes = (plan: string): number => parseVolumePlan(plan)?.sizeBytes ?? 0;

/** Name of the plan of a volume that has this size, a multiple of GiB. */
export const volumePlanName = (bytes: number): string => volumePlan(bytes / 1024 ** 3).name;

function redisPlan(name: string, of: Pick<RedisPlan, 'connectionsMax' | 'dataMiB' | 'isPersistent'>): RedisPlan {
  const humanName = name.replace(/^./, (letter) => letter.toUpperCase()).replace('-', ' ');
  return { kind: 'redis', name, humanName, ...of, memoryMiB: 2 * of.dataMiB + 64 };
}

/** `heroku-postgresql`, `heroku-postgresql:essential-0`; throws for what there is not. */
export function parsePlan(wanted: string): { service: AddOnService; plan: AddOnPlan } {
  const [serviceName = '', planName] = wanted.split(':', 2);
  const service = findService(serviceName);
  const plan = planName === undefined ? service.plans[0] : findPlan(service, planName);
  if (plan) return { service, plan };
  const names = service.plans.map(({ name }) => name);
  const sentence = `${service.name} has no plan ${planName}: there are ${names.join(', ')}.`;
  throw new UserError('not_found', `${sentence}${didYouMean(planName ?? '', names)}`, { resource: 'plan' });
}

function findPlan({ plans }: AddOnService, name: string): AddOnPlan | undefined {
  const found = plans.find((plan) => plan.name === name);
  return found ?? (plans[0].kind === 'volume' ? parseVolumePlan(name) : undefined);
}

export function findService(wanted: string): AddOnService {
  const service = addOnServices.find(({ name, aliases }) => name === wanted || aliases.includes(wanted));
  if (service) return service;
  const names = addOnServices.map(({ name }) => name);
  throw new UserError('not_found', `There is no add-on service ${wanted}; there is ${names.join(', ')}.`, {
    resource: 'add_on_service',
  });
}

/** Name of an attachment, which makes the config var `<name>_URL`. */
export function parseAttachmentName(name: string): string {
  if (!/^[A-Z][A-Z0-9_]{0,58}$/.test(name))
    throw new UserError(
      'invalid_params',
      'The name of an attachment has capital letters, digits and underscores, and starts with a letter.',
    );
  return name;
}

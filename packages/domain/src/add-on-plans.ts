import { didYouMean } from './did-you-mean.js';
import { UserError } from './errors.js';

/** What an add-on of a plan gets of the data server. */
export interface AddOnPlan {
  name: string;
  humanName: string;
  /** At the same time, of one credential. */
  connectionsMax: number;
  /** Default of a session, which it may change; ms. */
  statementTimeoutMs: number;
  /** Of one session's sorts and temporary tables on disk. */
  temporaryMiB: number;
}

export interface AddOnService {
  name: string;
  humanName: string;
  /** Other names by which people may ask for it. */
  aliases: readonly string[];
  /** Of an attachment, unless the app has one of that name. */
  attachmentName: string;
  /** The first one is the default. */
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
        ...{ name: 'essential-0', humanName: 'Essential 0', connectionsMax: 20 },
        ...{ statementTimeoutMs: 60_000, temporaryMiB: 1_024 },
      },
      {
        ...{ name: 'standard-0', humanName: 'Standard 0', connectionsMax: 60 },
        ...{ statementTimeoutMs: 300_000, temporaryMiB: 4_096 },
      },
    ],
  },
];

/** `heroku-postgresql`, `heroku-postgresql:essential-0`; throws for what there is not. */
export function parsePlan(wanted: string): { service: AddOnService; plan: AddOnPlan } {
  const [serviceName = '', planName] = wanted.split(':', 2);
  const service = findService(serviceName);
  const plan = planName === undefined ? service.plans[0] : service.plans.find(({ name }) => name === planName);
  if (plan) return { service, plan };
  const names = service.plans.map(({ name }) => name);
  const sentence = `${service.name} has no plan ${planName}: there are ${names.join(', ')}.`;
  throw new UserError('not_found', `${sentence}${didYouMean(planName ?? '', names)}`, { resource: 'plan' });
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

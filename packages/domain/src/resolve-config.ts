import { type ConfigReference, fillReferences } from './config-reference.js';
import { UserError } from './errors.js';

/** Where a config var comes from; later ones win. */
export const configOrigins = ['berth', 'team', 'base environment', 'base app', 'environment', 'app', 'add-on'] as const;
export type ConfigOrigin = (typeof configOrigins)[number];

export interface ConfigValue {
  text: string;
  isSecret: boolean;
  isReference: boolean;
}

export interface ConfigLayer {
  origin: ConfigOrigin;
  /** Name of the team, environment, app or add-on. */
  from: string;
  values: ReadonlyMap<string, ConfigValue>;
}

/** One app with all that its config is made of. */
export interface ConfigApp {
  id: string;
  name: string;
  /** Name that other apps call it by. */
  service: string;
  environment: { id: string; name: string; baseId: string | null };
  /** Public. */
  url: string;
  layers: readonly ConfigLayer[];
}

export interface ResolvedVar {
  value: string;
  origin: ConfigOrigin;
  from: string;
  /** As it was set, when that holds references. */
  reference: string | null;
  /** Also a plain value that refers to a secret. */
  isSecret: boolean;
}

/** What goes along while references are followed. */
interface Walk {
  apps: readonly ConfigApp[];
  /** Of this path, `app.KEY` each. */
  trail: readonly string[];
  /** Filled before: each var once, however often it is referred to. */
  done: Map<string, ResolvedVar>;
}

/** Longest value after its references are filled, characters. */
const filledMax = 64 * 1024;

/**
 * An app's config vars with their references filled, by key. `apps` holds at least the app, and all of its environment and
 * of its base when there are references. Throws the UserError of a reference to nothing, or of a circle.
 */
export function resolveConfig(apps: readonly ConfigApp[], appId: string): Map<string, ResolvedVar> {
  const app = apps.find(({ id }) => id === appId);
  if (!app) throw new Error(`app ${appId} is not among those whose config was read`);
  const keys = new Set(app.layers.flatMap(({ values }) => [...values.keys()]));
  const walk: Walk = { apps, trail: [], done: new Map() };
  return new Map([...keys].sort().map((key) => [key, resolveVar(walk, app, key) as ResolvedVar])); // it is in a layer
}

function resolveVar(walk: Walk, app: ConfigApp, key: string): ResolvedVar | undefined {
  const here = `${app.name}.${key}`;
  const { trail, done } = walk;
  if (trail.includes(here)) {
    const circle = [...trail.slice(trail.indexOf(here)), here].join(' → ');
    throw new UserError('invalid_params', `Config vars refer to each other in a circle: ${circle}.`);
  }
  const layer = app.layers.findLast(({ values }) => values.has(key));
  const value = layer?.values.get(key);
  if (!layer || !value) return undefined;
  const { origin, from } = layer;
  const plain = { value: value.text, origin, from, reference: null, isSecret: value.isSecret };
  if (!value.isReference) return plain;
  const filled = done.get(here) ?? { ...plain, ...fill({ ...walk, trail: [...trail, here] }, app, key, value) };
  done.set(here, filled);
  return filled;
}

function fill(walk: Walk, app: ConfigApp, key: string, { text, isSecret: isOwnSecret }: ConfigValue) {
  let isSecret = isOwnSecret;
  const value = fillReferences(key, text, (reference) => {
    const found = follow(walk, app, key, reference);
    isSecret ||= found.isSecret;
    return found.value;
  });
  if (value.length > filledMax)
    throw new UserError(
      'invalid_params',
      `Config var ${key} of app ${app.name} is too long with its references filled.`,
    );
  return { value, isSecret, reference: text };
}

function follow(
  walk: Walk,
  app: ConfigApp,
  key: string,
  { scope, name }: ConfigReference,
): Pick<ResolvedVar, 'value' | 'isSecret'> {
  if (scope === 'environment') return { value: app.environment.name, isSecret: false };
  const refuse = (why: string) =>
    new UserError(
      'invalid_params',
      `Config var ${key} of app ${app.name} refers to \${{ ${scope}.${name} }}, but ${why}.`,
    );
  const target = scope === 'self' ? app : findService(walk.apps, app, scope);
  if (!target) throw refuse(`environment ${app.environment.name} has no service ${scope}`);
  if (name === 'URL') return { value: target.url, isSecret: false };
  const found = resolveVar(walk, target, name);
  if (!found) throw refuse(`app ${target.name} has no config var ${name}`);
  return found;
}

/** As the router falls back: the environment's own instance of the service, else its base's. */
function findService(apps: readonly ConfigApp[], from: ConfigApp, service: string): ConfigApp | undefined {
  const inside = (environmentId: string | null) =>
    apps.find((app) => app.service === service && app.environment.id === environmentId);
  return inside(from.environment.id) ?? inside(from.environment.baseId);
}

/** The config var by which an app finds another service: `ORDER_ITEMS_URL` for `order-items`. */
export const serviceUrlKey = (service: string): string => `${service.toUpperCase().replaceAll('-', '_')}_URL`;

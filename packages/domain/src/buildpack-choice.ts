import type { RuntimeName } from './berth-yaml-schema.js';
import { UserError } from './errors.js';

/** A buildpack as somebody names it: one of ours, or one of their own with Heroku's classic interface. */
export type BuildpackChoice =
  | { kind: 'own'; name: RuntimeName }
  /** A git repository or a tarball by URL (`#ref` at its end: a branch or tag), or a folder of the app (`./x`). */
  | { kind: 'custom'; source: string };

/** Heroku's names for what our buildpacks do; `berth/<name>` are ours. */
const ownNames = new Map<string, RuntimeName>(
  Object.entries({
    'heroku/nodejs': 'node',
    'heroku/python': 'python',
    'heroku/go': 'go',
    'heroku/java': 'java',
    'heroku/gradle': 'java',
    'heroku/ruby': 'ruby',
    'heroku/php': 'php',
    'emk/rust': 'rust',
    'heroku-buildpacks/static': 'static',
    'berth/node': 'node',
    'berth/python': 'python',
    'berth/go': 'go',
    'berth/java': 'java',
    'berth/ruby': 'ruby',
    'berth/php': 'php',
    'berth/rust': 'rust',
    'berth/static': 'static',
  } as const),
);

/** Names that `heroku buildpacks:set` knows here. */
export const buildpackNames: readonly string[] = [...ownNames.keys()];

/** Reads one entry of a list of buildpacks; what is none is a UserError that says what may be there. */
export function parseBuildpackChoice(text: string): BuildpackChoice {
  const name = text.trim().replace(/^urn:buildpack:/, '');
  const own = ownNames.get(name) ?? ownNames.get(`heroku/${herokuRepository.exec(name)?.[1] ?? ''}`);
  if (own) return { kind: 'own', name: own };
  if (/^https?:\/\/[^\s/]+\/\S+$/.test(name) || (/^\.\/[^\s]+$/.test(name) && !name.split('/').includes('..')))
    return { kind: 'custom', source: name };
  throw new UserError(
    'invalid_params',
    `${JSON.stringify(text)} is no buildpack: it is a URL of a git repository or a .tgz, a folder of the app (./buildpack), or one of ${buildpackNames.join(', ')}.`,
  );
}

/** The repositories of Heroku's own buildpacks, wherever they are kept: what they do is done by ours. */
const herokuRepository = /\/heroku\/heroku-buildpack-(nodejs|python|go|java|gradle|ruby|php)(?:\.git)?$/;

export interface BuildpackOrder {
  /** At most one of ours. */
  own: RuntimeName | undefined;
  /** Custom ones before and after it; all of them are `before` when there is none of ours. */
  before: string[];
  after: string[];
}

/** The order of a list of buildpacks; more than one of ours is a UserError. */
export function orderBuildpacks(texts: readonly string[]): BuildpackOrder {
  const order: BuildpackOrder = { own: undefined, before: [], after: [] };
  for (const choice of texts.map(parseBuildpackChoice)) {
    if (choice.kind === 'custom') (order.own ? order.after : order.before).push(choice.source);
    else if (order.own === undefined || order.own === choice.name) order.own = choice.name;
    else
      throw new UserError(
        'invalid_params',
        `Two of Berth's own buildpacks in one app (${order.own}, ${choice.name}) are not supported: keep the one of the language that serves, and build the rest in a Dockerfile or commit what it makes.`,
      );
  }
  return order;
}

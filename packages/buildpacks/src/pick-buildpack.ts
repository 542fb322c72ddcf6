import type { BerthYaml } from '@berth/domain/berth-yaml';
import { type BuildpackOrder, orderBuildpacks } from '@berth/domain/buildpack-choice';
import { UserError } from '@berth/domain/errors';
import type { Buildpack } from './buildpack.js';
import { classicBuildpack } from './classic/buildpack.js';
import { goBuildpack } from './go/buildpack.js';
import { javaBuildpack } from './java/buildpack.js';
import { nodeBuildpack } from './node/buildpack.js';
import { phpBuildpack } from './php/buildpack.js';
import { pythonBuildpack } from './python/buildpack.js';
import { rubyBuildpack } from './ruby/buildpack.js';
import { rustBuildpack } from './rust/buildpack.js';
import { belowRoot, type SourceView } from './source-view.js';
import { frontEndBuildpack, staticBuildpack } from './static/buildpack.js';

/** All buildpacks, asked in this order. */
export const buildpacks: readonly Buildpack[] = [
  rubyBuildpack,
  phpBuildpack,
  frontEndBuildpack,
  nodeBuildpack,
  pythonBuildpack,
  javaBuildpack,
  goBuildpack,
  rustBuildpack,
  staticBuildpack,
];

/** Each once, for sentences. */
const known = buildpacks.filter((one) => one !== frontEndBuildpack);

export interface PickedBuildpack {
  buildpack: Buildpack;
  /** Custom buildpacks that run before and after its own commands. */
  custom: Pick<BuildpackOrder, 'before' | 'after'>;
}

/**
 * What builds an app: the buildpacks that people set for it, else those that its own files name, else the one that fits.
 */
export function pickBuildpacks(
  view: SourceView,
  settings: Pick<BerthYaml, 'root' | 'runtime' | 'buildpacks'>,
  setForApp: readonly string[],
): PickedBuildpack {
  const named = setForApp.length > 0 ? setForApp : (settings.buildpacks ?? []);
  const { own, before, after } = orderBuildpacks(named);
  const custom = { before, after };
  if (own === undefined && before.length > 0) return { buildpack: classicBuildpack, custom };
  const { root } = settings;
  const picked =
    own === undefined ? settings : { ...(root ? { root } : {}), runtime: { name: own, version: undefined } };
  return { buildpack: pickBuildpack(view, picked), custom };
}

/** The buildpack that berth.yaml names, else the first that matches; a UserError that says what was looked for when none does. */
export function pickBuildpack(view: SourceView, { root, runtime }: Pick<BerthYaml, 'root' | 'runtime'>): Buildpack {
  const found = runtime
    ? buildpacks.find(({ name }) => name === runtime.name)
    : buildpacks.find(({ detect }) => detect(view));
  if (found) return found;
  if (runtime)
    throw new UserError(
      'bad_request',
      `berth.yaml: there is no runtime ${runtime.name}. There are: ${known.map(({ name }) => name).join(', ')}.`,
    );
  const place = root ? `in ${root}/` : 'at the top of the repository';
  throw new UserError(
    'no_buildpack',
    `No buildpack matches this app: looked for ${known.map(({ looksFor }) => looksFor).join(', ')} ${place}.${dockerfileHint(view)}${rootHint(view)}`,
  );
}

/** A Dockerfile is built only where the app asks for it: beside a language's own files it is often for another place. */
function dockerfileHint({ paths }: SourceView): string {
  return paths.includes('Dockerfile')
    ? ' There is a Dockerfile: say "build: dockerfile" in berth.yaml to build by it.'
    : '';
}

/** A sentence that names the first directory with an app in it. */
function rootHint({ paths, texts }: SourceView): string {
  const folders = paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const folder = [...new Set(folders)].find((one) => {
    if (one === '' || one.split('/').includes('node_modules')) return false;
    const below = belowRoot({ paths, texts }, one);
    return buildpacks.some(({ detect }) => detect(below));
  });
  return folder === undefined ? '' : ` There is one in ${folder}/: say "root: ${folder}" in berth.yaml.`;
}

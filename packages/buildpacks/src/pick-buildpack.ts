import { UserError } from '@berth/domain/errors';
import { nodeBuildpack } from './node/buildpack.js';
import type { SourceView } from './source-view.js';

/** All buildpacks, asked in this order. */
const buildpacks = [nodeBuildpack];

export type Buildpack = (typeof buildpacks)[number];

/** The first buildpack that matches; a UserError that says what was looked for when none does. */
export function pickBuildpack(view: SourceView, root: string | undefined): Buildpack {
  const found = buildpacks.find((buildpack) => buildpack.detect(view));
  if (found) return found;
  const place = root ? `in ${root}/` : 'at the top of the repository';
  const elsewhere = view.paths.find((path) => path.endsWith('/package.json') && !path.includes('node_modules/'));
  const hint = elsewhere
    ? ` There is one in ${elsewhere.slice(0, elsewhere.lastIndexOf('/'))}/: say "root: ${elsewhere.slice(0, elsewhere.lastIndexOf('/'))}" in berth.yaml.`
    : '';
  throw new UserError(
    'no_buildpack',
    `No buildpack matches this app: looked for ${buildpacks.map((one) => one.looksFor).join(', ')} ${place}.${hint}`,
  );
}

import { UserError } from '@berth/domain/errors';
import { z } from 'zod';
import type { SourceView } from '../source-view.js';

const texts = z.record(z.string(), z.string()).catch({}).default({});

/** What we read of a package.json; a part with an unexpected form counts as not there. */
const manifest = z.object({
  name: z.string().optional().catch(undefined),
  scripts: texts,
  dependencies: texts,
  devDependencies: texts,
  optionalDependencies: texts,
  engines: z
    .object({ node: z.string().optional().catch(undefined) })
    .catch({})
    .default({}),
  packageManager: z.string().optional().catch(undefined),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform((value) => value.packages)])
    .optional()
    .catch(undefined),
});
export type Manifest = z.infer<typeof manifest>;

/** The app's package.json; one that is not JSON is a UserError. */
export function readManifest(view: SourceView, path = 'package.json'): Manifest {
  try {
    return manifest.parse(JSON.parse((view.texts[path] ?? '').replace(/^\uFEFF/, '')));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it must be an object';
    throw new UserError('bad_request', `${path} is not valid JSON: ${reason}.`, { cause: error });
  }
}

/** Paths of the package.json files of workspaces: every one of the source when the app has workspaces. */
export function workspaceManifests(view: SourceView, root: Manifest): string[] {
  const hasWorkspaces = (root.workspaces?.length ?? 0) > 0 || view.texts['pnpm-workspace.yaml'] !== undefined;
  return hasWorkspaces ? Object.keys(view.texts).filter((path) => path.endsWith('/package.json')) : [];
}

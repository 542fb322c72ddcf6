import type { BuildCommand } from '@berth/buildpacks/build-plan';
import type { FileTree } from '@berth/images/file-tree';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { LayerSource } from '@berth/images/push-image';
import { writeLayer } from '@berth/images/write-layer';
import { entriesMax } from './builder.js';
import { appDirectory, buildMarker } from './jail.js';
import { installEnv } from './jail-env.js';
import { keepLayer } from './keep-layer.js';
import type { RunningBuild } from './running-build.js';
import type { PlannedBuild } from './steps/plan-build.js';

/** What an install step sees. */
export type InstallView = { sees: 'everything' } | { sees: 'files'; files: readonly LayerEntry[]; key: string };

export interface Installed {
  layer: LayerSource;
  sees: InstallView['sees'];
}

const productionDirectory = '/workspace/production';

/**
 * Installs in the jail and makes the layer of the production dependencies. With a build script the full tree is left
 * there for it, and the production one is made from a copy before any of the app's own code has run.
 */
export async function installDependencies(
  build: RunningBuild,
  planned: PlannedBuild,
  view: InstallView,
): Promise<Installed> {
  const { plan } = planned;
  const wish = plan.dependencies!;
  await openBuildJail(build, planned);
  await build.jail.runQuietly(['rm', '-rf', appDirectory, productionDirectory]);
  await build.jail.put(view.sees === 'files' ? view.files : sourceEntries(planned));
  const env = installEnv(build, planned, view.sees);
  const sourcePaths = view.sees === 'files' ? undefined : planned.files;
  const needsPruning = plan.build !== undefined && wish.prune !== undefined;
  await build.jail.run(plan.build ? wish.installAll : wish.installProduction, env);
  const layer = needsPruning
    ? await keepBothTrees(build, wish.prune!, env, sourcePaths, view)
    : await keepTree(build, appDirectory, sourcePaths, keyOf(view));
  await build.jail.runQuietly(['touch', buildMarker]);
  return { layer, sees: view.sees };
}

/** The full tree is kept for later builds, the production one is the layer. */
async function keepBothTrees(
  build: RunningBuild,
  prune: BuildCommand,
  env: Record<string, string>,
  sourcePaths: FileTree | undefined,
  view: InstallView,
): Promise<LayerSource> {
  if (view.sees === 'files') await keepTree(build, appDirectory, sourcePaths, fullTreeKey(view.key));
  await build.jail.runQuietly(['cp', '-al', appDirectory, productionDirectory]);
  await build.jail.run(prune, env, productionDirectory);
  const layer = await keepTree(build, productionDirectory, sourcePaths, keyOf(view));
  await build.jail.runQuietly(['rm', '-rf', productionDirectory]);
  return layer;
}

/** The files that an isolated install sees, as they go into the jail. */
export function installFiles({ plan, files }: PlannedBuild): Promise<LayerEntry[]> {
  return Promise.all(
    (plan.dependencies?.files ?? []).map(async ({ path, text }) => ({
      path: `app/${path}`,
      type: 'file' as const,
      mode: 0o644,
      ...appUser,
      content: text === undefined ? ((await files.read(path)) ?? Buffer.alloc(0)) : Buffer.from(text),
    })),
  );
}

/** Names the tree with dev dependencies beside the production one. */
export const fullTreeKey = (key: string): string => `${key}:full`;

const keyOf = (view: InstallView) => (view.sees === 'files' ? view.key : undefined);

export async function openBuildJail(build: RunningBuild, { runtime, tool }: PlannedBuild): Promise<void> {
  await build.jail.open(await build.builder.bases.nodeBuildImage(runtime.version, tool?.about));
}

/** The app's files as they go into a jail or an image: without a node_modules of the customer's machine. */
export function sourceEntries({ files, plan }: PlannedBuild): LayerEntry[] {
  const isForeign = (path: string) => path === 'node_modules' || path.startsWith('node_modules/');
  return files.toLayerEntries('app', appUser, ({ path }) => !(plan.dependencies && isForeign(path)));
}

/** Dependencies are what lies below a node_modules and did not come with the source. */
function isDependency(path: string, source: FileTree | undefined): boolean {
  return path.split('/').includes('node_modules') && !(source?.entries.has(path) && !path.startsWith('node_modules'));
}

/** Makes a layer of a tree in the jail; one with a key is kept for the team, one without goes with this image only. */
async function keepTree(
  build: RunningBuild,
  directory: string,
  source: FileTree | undefined,
  key: string | undefined,
): Promise<LayerSource> {
  const { limits } = build.builder;
  const archive = await build.jail.get(directory);
  const tree = await normaliseTar(archive, { bytesMax: limits.jail.diskBytes, entriesMax });
  try {
    const layer = await writeLayer(tree.toLayerEntries('app', appUser, ({ path }) => isDependency(path, source)));
    return await keepLayer(build, layer, key).finally(layer.dispose);
  } finally {
    await tree.close();
  }
}

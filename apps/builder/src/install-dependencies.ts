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
import { ownKey } from './steps/dependencies-key.js';
import type { PlannedBuild } from './steps/plan-build.js';
import { inTrees, isMadeByInstall } from './trees.js';
import { withoutTimes } from './without-times.js';

/** What an install step sees. */
export type InstallView = { sees: 'everything' } | { sees: 'files'; files: readonly LayerEntry[]; key: string };

export interface Installed {
  layer: LayerSource;
  sees: InstallView['sees'];
  /** What it is kept by; undefined: it is of this commit only. */
  key: string | undefined;
}

const productionDirectory = '/workspace/production';

/**
 * Installs in the jail and makes the layer of the production dependencies. With a build script the full tree is left
 * there for it, and the production one is made from a copy before any of the app's own code has run.
 */
export async function installDependencies(
  build: RunningBuild,
  planned: PlannedBuild,
  asked: InstallView,
): Promise<Installed> {
  const { plan } = planned;
  const wish = plan.dependencies!;
  await openBuildJail(build, planned);
  const view = await keptAs(build, asked);
  const files = view.sees === 'files' ? view.files : sourceEntries(planned);
  await build.jail.put(files, ['rm', '-rf', appDirectory, productionDirectory]);
  const env = installEnv(build, planned, view.sees);
  const isDependency = dependenciesIn(wish.trees, view.sees === 'files' ? undefined : planned.files);
  const needsPruning = plan.build.length > 0 && wish.prune !== undefined;
  await build.jail.run(plan.build.length > 0 ? wish.installAll : wish.installProduction, env);
  const layer = needsPruning
    ? await keepBothTrees(build, wish.prune!, env, isDependency, view)
    : await keepTree(build, appDirectory, isDependency, keyOf(view));
  // The build script, which another code layer comes of, makes its own.
  if (plan.build.length === 0 && view.sees === 'everything') await build.jail.runQuietly(['touch', buildMarker]);
  return { layer, sees: view.sees, key: keyOf(view) };
}

/**
 * An install whose cache disk is not new sees more than its files: what the app's earlier builds left there. It may change what
 * this app gets, and no other.
 */
async function keptAs({ jail, app }: RunningBuild, view: InstallView): Promise<InstallView> {
  if (view.sees === 'everything' || (await jail.isCacheNew())) return view;
  return { ...view, key: ownKey(view.key, app.id) };
}

/** The full tree is kept for later builds, the production one is the layer. */
async function keepBothTrees(
  build: RunningBuild,
  prune: BuildCommand,
  env: Record<string, string>,
  isDependency: (path: string) => boolean,
  view: InstallView,
): Promise<LayerSource> {
  if (view.sees === 'files') await keepTree(build, appDirectory, isDependency, fullTreeKey(view.key));
  await build.jail.runQuietly(['cp', '-al', appDirectory, productionDirectory]);
  await build.jail.run(prune, env, productionDirectory);
  const layer = await keepTree(build, productionDirectory, isDependency, keyOf(view));
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

/** Names the tree with dev dependencies beside the production one. A key is a tag in the registry too: collections look for it. */
export const fullTreeKey = (key: string): string => `${key}-full`;

const keyOf = (view: InstallView) => (view.sees === 'files' ? view.key : undefined);

export async function openBuildJail({ builder, jail }: RunningBuild, planned: PlannedBuild): Promise<void> {
  const { plan, version, tools } = planned;
  await jail.open(
    await builder.bases.buildImage(
      plan.runtime.name,
      version,
      tools.map(({ about }) => about),
    ),
  );
}

/** The app's files as they go into a jail or an image: without what an install makes anew (a committed node_modules). */
export function sourceEntries({ files, plan }: PlannedBuild): LayerEntry[] {
  const isForeign = isMadeByInstall(plan.dependencies?.trees ?? []);
  return files.toLayerEntries('app', appUser, ({ path }) => !isForeign(path));
}

/** Dependencies are what lies in the trees and did not come with the source. */
function dependenciesIn(trees: readonly string[], source: FileTree | undefined): (path: string) => boolean {
  const [isIn, isMade] = [inTrees(trees), isMadeByInstall(trees)];
  return (path) => isIn(path) && !(source?.entries.has(path) && !isMade(path));
}

/** Makes a layer of a tree in the jail; one with a key is kept for the team, one without goes with this image only. */
async function keepTree(
  build: RunningBuild,
  directory: string,
  isDependency: (path: string) => boolean,
  key: string | undefined,
): Promise<LayerSource> {
  const { limits } = build.builder;
  const archive = await build.jail.get(directory);
  const tree = await normaliseTar(archive, { bytesMax: limits.jail.diskBytes, entriesMax });
  try {
    const entries = tree.toLayerEntries('app', appUser, ({ path }) => isDependency(path));
    const layer = await writeLayer(await withoutTimes(entries));
    return await keepLayer(build, layer, key).finally(layer.dispose);
  } finally {
    await tree.close();
  }
}

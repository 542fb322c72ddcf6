import type { UnpackPlan } from '@berth/buildpacks/node/plan-unpack';
import { ensureBlob, type LayerSource } from '@berth/images/push-image';
import { findCachedLayer } from '@berth/platform/layers/find-cached-layer';
import { CommandFailedError } from '../command-failed.js';
import { fullTreeKey, type Installed, installDependencies, installFiles } from '../install-dependencies.js';
import { installEnv } from '../jail-env.js';
import { keepLayer } from '../keep-layer.js';
import { dependenciesRepository, imageRepository } from '../repositories.js';
import type { RunningBuild } from '../running-build.js';
import { unpackDependencies } from '../unpack-dependencies.js';
import { dependenciesKey, keysFor } from './dependencies-key.js';
import type { PlannedBuild } from './plan-build.js';

/** What the later steps need to know of the dependencies. */
export interface Dependencies {
  /** The layer of the image; undefined for an app without dependencies. */
  layer: LayerSource | undefined;
  /** What lies in the jail: nothing (no jail was needed), the dependencies, or those and the whole source. */
  inJail: 'nothing' | 'dependencies' | 'everything';
  /** The key of the trees, when they are shared between commits. */
  key: string | undefined;
}

/**
 * The dependencies layer: the one that was made from the same manifest and lockfile before, or a new one from an install
 * that sees only those files. What cannot be made so gets a layer of this commit only, from the whole source.
 */
export async function makeDependencies(build: RunningBuild, planned: PlannedBuild): Promise<Dependencies> {
  const wish = planned.plan.dependencies;
  if (!wish) return { layer: undefined, inJail: 'nothing', key: undefined };
  if (!wish.files) {
    build.output.say(`Dependencies are installed for this commit only: ${wish.notSharedBecause}.`);
    return ofInstalled(await installDependencies(build, planned, { sees: 'everything' }));
  }
  const key = await dependenciesKey(build, planned);
  const known = await findKnown(build, key);
  if (known) {
    build.output.say('Dependencies: unchanged');
    return { ...known, inJail: 'nothing' };
  }
  const unpacked = await tryToUnpack(build, planned, key);
  if (unpacked) return { layer: unpacked, inJail: 'nothing', key };
  try {
    const files = await installFiles(planned);
    return ofInstalled(await installDependencies(build, planned, { sees: 'files', files, key }));
  } catch (error) {
    if (!(error instanceof CommandFailedError && error.mayBeRetried)) throw error;
    if (await isLockfileAtFault(build, planned)) throw error;
    build.output.say('That saw only the manifest and the lockfile. Once more with the whole source:');
    return ofInstalled(await installDependencies(build, planned, { sees: 'everything' }));
  }
}

/** Asked once an install has failed; then more of the source changes nothing. */
async function isLockfileAtFault(build: RunningBuild, planned: PlannedBuild): Promise<boolean> {
  const { isLockfileAtFault: argv, installProduction } = planned.plan.dependencies!;
  const env = { ...installEnv(build, planned, 'files'), ...installProduction.env };
  return argv !== undefined && (await build.jail.ask(argv, env));
}

function ofInstalled({ layer, sees, key }: Installed): Dependencies {
  return { layer, inJail: sees === 'everything' ? 'everything' : 'dependencies', key };
}

/**
 * Without a jail when the lockfile says everything: the production tree, and the full one when a build script needs it.
 * What goes wrong there is the package manager's to say.
 */
async function tryToUnpack(build: RunningBuild, { plan }: PlannedBuild, key: string): Promise<LayerSource | undefined> {
  const { builder, output, signal } = build;
  const { unpack, unpackAll, prune } = plan.dependencies!;
  const needsFullTree = plan.build.length > 0 && prune !== undefined;
  if (!unpack || (needsFullTree && !unpackAll)) return undefined;
  const count = (needsFullTree ? unpackAll! : unpack).packages.length;
  output.title(`Installing dependencies (${count} packages of the lockfile)`);
  const keep = async (tree: UnpackPlan, treeKey: string) => {
    const limits = { bytesMax: builder.limits.jail.diskBytes, signal };
    const layer = await unpackDependencies({ url: builder.sources.npm }, tree, limits);
    return keepLayer(build, layer, treeKey).finally(layer.dispose);
  };
  try {
    if (needsFullTree) await keep(unpackAll!, fullTreeKey(key));
    return await keep(unpack, key);
  } catch (error) {
    signal.throwIfAborted();
    builder.logger.info({ err: error }, 'unpack');
    return undefined;
  }
}

/** A look into the database, and one at the registry: the blob may have been collected since. */
async function findKnown(
  { builder, app }: RunningBuild,
  wanted: string,
): Promise<{ layer: LayerSource; key: string } | undefined> {
  const from = dependenciesRepository(app.teamId);
  for (const key of keysFor(wanted, app.id)) {
    const layer = await findCachedLayer(builder.platform, { key });
    if (layer && (await ensureBlob(builder.registry, imageRepository(app.repositoryId), layer.digest, from)))
      return { layer: { layer, from }, key };
  }
  return undefined;
}

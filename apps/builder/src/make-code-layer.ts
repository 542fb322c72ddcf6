import { appUser, type LayerEntry, type PackedLayer } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { writeLayer } from '@berth/images/write-layer';
import { entriesMax } from './builder.js';
import { sourceEntries } from './install-dependencies.js';
import { appDirectory, buildMarker } from './jail.js';
import type { RunningBuild } from './running-build.js';
import type { Dependencies } from './steps/make-dependencies.js';
import type { PlannedBuild } from './steps/plan-build.js';

/**
 * The layer of the app's own files: straight from the source when no command could have changed it, else what lies in
 * the jail, with what the build wrote below node_modules and without what the install put there.
 */
export async function makeCodeLayer(
  build: RunningBuild,
  planned: PlannedBuild,
  { inJail }: Dependencies,
): Promise<PackedLayer> {
  if (!planned.plan.build && inJail !== 'everything') return writeLayer(sourceEntries(planned));
  await dropInstalledFiles(build);
  const archive = await build.jail.get(appDirectory);
  const tree = await normaliseTar(archive, { bytesMax: build.builder.limits.jail.diskBytes, entriesMax });
  try {
    const built = tree.toLayerEntries('app', appUser, ({ path }) => !isBuildCache(path));
    return await writeLayer([...built, ...committedModules(planned, new Set(built.map(({ path }) => path)))]);
  } finally {
    await tree.close();
  }
}

/** Caches of bundlers and the like, which only the next build could use. */
const isBuildCache = (path: string) => /(^|\/)node_modules\/\.cache(\/|$)/.test(path);

/** What lies below a node_modules and did not change since the build began came from the install. */
async function dropInstalledFiles({ jail }: RunningBuild): Promise<void> {
  const modules = ['-path', '*/node_modules/*'];
  const unchanged = ['!', '-type', 'd', '!', '-cnewer', buildMarker];
  await jail.runQuietly(['find', appDirectory, ...modules, ...unchanged, '-delete']);
  await jail.runQuietly(['find', appDirectory, ...modules, '-type', 'd', '-empty', '-delete']);
}

/** A node_modules that is part of the source (a test's fixture) went with the installed ones: it comes back. */
function committedModules(planned: PlannedBuild, known: ReadonlySet<string>): LayerEntry[] {
  return sourceEntries(planned).filter(
    ({ path, type }) => type !== 'directory' && path.includes('/node_modules/') && !known.has(path),
  );
}

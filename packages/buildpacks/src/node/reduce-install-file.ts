/** Parts of a package.json that an install without scripts of the app does not depend on. */
const unneeded = [
  'version',
  'description',
  'keywords',
  'author',
  'contributors',
  'homepage',
  'bugs',
  'repository',
  'license',
  'main',
  'module',
  'types',
  'files',
  'scripts',
];

/**
 * A manifest or lockfile without what an install does not need, so that a new version number or script does not make
 * new dependencies of an app. Undefined: the file goes as it is.
 */
export function reduceInstallFile(path: string, text: string | undefined): string | undefined {
  if (text === undefined || !['package.json', 'package-lock.json', 'npm-shrinkwrap.json'].includes(path))
    return undefined;
  const document = parse(text);
  if (!document) return undefined;
  if (path === 'package.json') return print(without(document, unneeded));
  const packages = document.packages as Record<string, Record<string, unknown>> | undefined;
  const root = packages?.[''];
  const reduced = without(document, ['version']);
  return print(root ? { ...reduced, packages: { ...packages, '': without(root, ['version', 'license']) } } : reduced);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const without = (document: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
const print = (document: unknown) => JSON.stringify(document);

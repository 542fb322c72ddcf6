/** A package of a language that an app's own files name with its exact version. */
export interface LockedPackage {
  /** Package URL type (purl specification). */
  type: 'npm' | 'pypi' | 'golang' | 'cargo' | 'maven' | 'gem' | 'composer';
  /** npm's scope, Maven's group, Composer's vendor, the path before the last part of a Go module. */
  namespace?: string;
  name: string;
  version: string;
}

export interface PackageList {
  packages: LockedPackage[];
  /** false: there may be more than the file names (a requirements.txt without what its packages need themselves). */
  isComplete: boolean;
}

/** `@scope/name` → its parts; also Composer's `vendor/name`. */
export function splitName(full: string): { namespace?: string; name: string } {
  const at = full.lastIndexOf('/');
  return at < 0 ? { name: full } : { namespace: full.slice(0, at), name: full.slice(at + 1) };
}

/** Each once, in the order of their names. */
export function listOf(packages: readonly LockedPackage[], isComplete = true): PackageList {
  const key = (one: LockedPackage) => `${one.namespace ?? ''}/${one.name}@${one.version}`;
  const each = new Map(packages.map((one) => [key(one), one]));
  return { packages: [...each].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one), isComplete };
}

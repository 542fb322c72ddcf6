import type { Apt } from './open-apt.js';

/** One package as the archive has it; url, size and hash are from its signed lists. */
export interface DebianPackage {
  name: string;
  version: string;
  url: string;
  sizeBytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The packages that have to be added to what is installed for `names` to work, without recommended ones; sorted by name. */
export async function resolvePackages(apt: Apt, names: readonly string[]): Promise<DebianPackage[]> {
  const { stdout } = await apt.run([
    ...(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', '--print-uris', '--'] as const),
    ...names,
  ]);
  return parseUris(stdout.toString());
}

/** Lines of `apt-get --print-uris`: `'URL' name_version_architecture.deb size SHA256:hash`. */
export function parseUris(text: string): DebianPackage[] {
  const lines = text.split('\n').filter((line) => line.startsWith("'"));
  const packages = lines.map((line) => {
    const [, url, file, size, sha256] = /^'([^']+)' (\S+)_[^_]+\.deb (\d+) SHA256:([0-9a-f]{64})$/.exec(line) ?? [];
    if (!url || !file || !sha256) throw new Error(`apt printed a line that we do not understand: ${line}`);
    const at = file.indexOf('_');
    // An epoch's colon is written as %3a.
    const version = decodeURIComponent(file.slice(at + 1));
    return { name: file.slice(0, at), version, url, sizeBytes: Number(size), sha256 };
  });
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

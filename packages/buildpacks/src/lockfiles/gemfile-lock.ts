import { listOf, type PackageList } from './locked-package.js';

/** Gemfile.lock: below each source the gems four deep with their versions, what they need six deep. */
export function parseGemfileLock(text: string): PackageList {
  let section = '';
  const packages = text.split('\n').flatMap((line) => {
    if (/^[A-Z]/.test(line)) section = line.trim();
    const gem = /^ {4}(\S+) \(([^)\s]+)\)$/.exec(line);
    if (!gem || !['GEM', 'GIT', 'PATH'].includes(section)) return [];
    // `1.16.0-x86_64-linux-gnu`: the version, and what it was built for.
    const version = /^([^-]+)-(?:x86|x64|arm|aarch|java|universal)/.exec(gem[2]!)?.[1] ?? gem[2]!;
    return [{ type: 'gem' as const, name: gem[1]!, version }];
  });
  return listOf(packages);
}

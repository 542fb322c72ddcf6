/** What we read of a Gemfile.lock (Bundler's LockfileParser). */
export interface GemLock {
  /** Where gems come from: servers, and git repositories. */
  remotes: readonly string[];
  /** Gems of servers with the version and, for compiled ones, the platform: `nokogiri-1.18.1-x86_64-linux-gnu`. */
  gems: readonly string[];
  names: ReadonlySet<string>;
  platforms: readonly string[];
  /** Some gem lies in the repository itself. */
  hasPath: boolean;
}

export function readGemLock(text: string): GemLock {
  let section = '';
  const remotes: string[] = [];
  const gems: string[] = [];
  const names = new Set<string>();
  const platforms: string[] = [];
  let hasPath = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^[A-Z]/.test(line)) section = line.trim();
    if (section === 'PATH') hasPath = true;
    const remote = /^ {2}remote: (.+)$/.exec(line)?.[1];
    if (remote !== undefined && section !== 'PATH') remotes.push(remote);
    const [, name, version] = /^ {4}(\S+) \(([^)]+)\)$/.exec(line) ?? [];
    if (name !== undefined) names.add(name);
    if (name !== undefined && section === 'GEM') gems.push(`${name}-${version}`);
    if (section === 'PLATFORMS' && line.startsWith('  ')) platforms.push(line.trim());
  }
  return { remotes: [...new Set(remotes)], gems, names, platforms, hasPath };
}

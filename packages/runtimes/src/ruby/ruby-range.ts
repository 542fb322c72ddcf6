/**
 * A version of Ruby as Gemfiles and .ruby-version files have it, as a range of npm's: `3.3.5`, `~> 3.3.0`, `>= 3.2`,
 * `ruby-3.3.5p100`, several separated by commas.
 */
export function rubyRange(wish: string): string {
  return wish
    .split(',')
    .map((part) =>
      part
        .trim()
        .replace(/\bruby-/, '')
        .replace(/(\d)-?p\d+$/, '$1')
        .replace(
          /~>\s*(\d+)\.(\d+)\.(\d+)/,
          (_, major, minor, patch) => `>=${major}.${minor}.${patch} <${major}.${Number(minor) + 1}.0`,
        )
        .replace(/~>\s*(\d+)(\.\d+)?$/, (_, major, minor = '.0') => `>=${major}${minor}.0 <${Number(major) + 1}.0.0`)
        .replace(/^!=.*$/, '*'),
    )
    .join(' ');
}

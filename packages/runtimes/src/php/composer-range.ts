/**
 * A version constraint of Composer's as a range of npm's, for the parts that PHP versions use. They differ in `~` (Composer's
 * `~8.4` lets 8.9 in), in `,` for "and", and in a single `|`.
 */
export function composerRange(constraint: string): string {
  return constraint
    .split(/\s*\|\|?\s*/)
    .map((part) =>
      part
        .trim()
        .replace(/@(stable|dev|alpha|beta|rc)\b/gi, '')
        .replace(/\s*,\s*/g, ' ')
        .replace(/(^|\s)(v)(?=\d)/g, '$1')
        .replace(/~\s*(\d+)\.(\d+)(?![.\d])/g, (_, major, minor) => `>=${major}.${minor}.0 <${Number(major) + 1}.0.0`)
        .replace(/(^|\s)!=\s*\S+/g, '$1'),
    )
    .map((part) => part.trim() || '*')
    .join(' || ');
}

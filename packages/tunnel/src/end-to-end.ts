/** Headers of one hop (RFC 9110, section 7.6.1). Node sets its own; it also answers `Expect` itself. */
const ofOneHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/** Of raw headers (name, value, name, value…) those that are sent on. Transfer-Encoding stays: Node sends the same. */
export function endToEnd(
  raw: readonly string[],
  { hostHeader, without = [] }: { hostHeader?: string; without?: readonly string[] } = {},
): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const key = name.toLowerCase();
    if (ofOneHop.has(key) || without.includes(key)) continue;
    kept.push(name, key === 'host' && hostHeader !== undefined ? hostHeader : (raw[at + 1] ?? ''));
  }
  return kept;
}

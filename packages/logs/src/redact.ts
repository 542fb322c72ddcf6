/** Values shorter than this are not secrets worth hiding, and hiding them would garble every line ("1", "true"). */
const secretLengthMin = 8;

/** A function that replaces each of the values by [REDACTED]; the longest first, so that no rest of one is left. */
export function redactor(values: readonly string[]): (text: string) => string {
  const secrets = [...new Set(values.flatMap((value) => value.split('\n')))].filter(
    (value) => value.length >= secretLengthMin,
  );
  if (secrets.length === 0) return (text) => text;
  const pattern = new RegExp(
    secrets
      .sort((a, b) => b.length - a.length)
      .map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|'),
    'g',
  );
  return (text) => text.replace(pattern, '[REDACTED]');
}

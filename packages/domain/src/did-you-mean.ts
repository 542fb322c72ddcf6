import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "x"?` for what is nearly one of the known words; nothing when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = closest(word.toLowerCase(), [...known]);
  const isNear = distance(word.toLowerCase(), nearest) <= Math.max(2, word.length / 3);
  return isNear ? ` Did you mean ${JSON.stringify(nearest)}?` : '';
}

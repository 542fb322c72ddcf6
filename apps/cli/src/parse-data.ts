import { readFileSync } from 'node:fs';

/** What an environment gets of its base's add-ons, as the API's `data` has it. */
export interface DataWish {
  policy?: string;
  add_ons?: Record<string, { policy: string; mask?: string }>;
}

/**
 * Of the flags `--data`, `--add-on <name>=<policy>` and `--mask <name>=<file of SQL>`; undefined when none was given. A mask makes
 * its add-on a copy. Throws with one sentence; whether the names and policies are right is the API's to say.
 */
export function parseData(flags: {
  data: string | undefined;
  addOns: readonly string[];
  masks: readonly string[];
}): DataWish | undefined {
  const addOns = new Map<string, { policy: string; mask?: string }>();
  for (const text of flags.addOns) {
    const [name, policy] = parsePair(text, '<add-on>=<policy>');
    addOns.set(name, { policy });
  }
  for (const text of flags.masks) {
    const [name, file] = parsePair(text, '<add-on>=<file>');
    addOns.set(name, { policy: 'copy', ...addOns.get(name), mask: readFileSync(file, 'utf8') });
  }
  if (flags.data === undefined && addOns.size === 0) return undefined;
  return {
    ...(flags.data === undefined ? {} : { policy: flags.data }),
    ...(addOns.size === 0 ? {} : { add_ons: Object.fromEntries(addOns) }),
  };
}

function parsePair(text: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new Error(`${text} is not ${form}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

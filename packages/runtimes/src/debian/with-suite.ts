import type { Sources } from '../sources.js';
import { berth13 } from '../stacks/berth-13.js';

/** The sources with another Debian release beside the stack's: from the same mirrors. */
export function withSuite({ sources }: { sources: Sources }, suite: string): Sources {
  const { lines, options } = sources.apt;
  const others = lines.map((line) => line.replace(new RegExp(`(\\s)${berth13.suite}(-\\w+)?(\\s)`), `$1${suite}$2$3`));
  return { ...sources, apt: { lines: [...new Set([...lines, ...others])], options } };
}

import type { ProcessType } from './process-type.js';

/**
 * `console -e "x"` → `bin/rails console -e "x"` where `console` is a process type with that command, as at Heroku; any other line
 * stays as it is.
 */
export function expandCommand(line: string, processTypes: readonly Pick<ProcessType, 'name' | 'command'>[]): string {
  const [, first, rest = ''] = /^\s*([A-Za-z][\w-]*)((?:\s[\s\S]*)?)$/.exec(line) ?? [];
  const found = processTypes.find(({ name }) => name === first);
  return found ? `${found.command}${rest}` : line;
}

import { UserError } from './errors.js';
import { processName } from './process-type.js';

/** One line of a Procfile. */
export interface ProcfileProcess {
  name: string;
  /** A shell line. */
  command: string;
}

/**
 * Parses a Procfile (Heroku's format: `<process type>: <command>` per line, `#` comments).
 * A line that does not parse is a UserError that names the line and the reason.
 */
export function parseProcfile(text: string): ProcfileProcess[] {
  const processes = new Map<string, ProcfileProcess>();
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = (index === 0 ? raw.replace(/^\uFEFF/, '') : raw).trim();
    if (line === '' || line.startsWith('#')) continue;
    const fail = (reason: string) => new UserError('bad_request', `Procfile line ${index + 1}: ${reason}`);
    const colon = line.indexOf(':');
    if (colon < 0) throw fail(`there is no colon in ${quote(line)}; a line is "<process type>: <command>".`);
    const name = line.slice(0, colon).trim();
    const command = line.slice(colon + 1).trim();
    if (!processName.test(name))
      throw fail(
        `${quote(name)} is not a process type; it has 1 to 30 letters, digits, dashes and underscores and starts with a letter.`,
      );
    if (command === '') throw fail(`the process type ${quote(name)} has no command.`);
    if (processes.has(name)) throw fail(`the process type ${quote(name)} is there twice.`);
    processes.set(name, { name, command });
  }
  if (processes.size === 0) throw new UserError('bad_request', 'Procfile: there is no process type in it.');
  return [...processes.values()];
}

const quote = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

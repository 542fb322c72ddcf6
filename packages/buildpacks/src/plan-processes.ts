import type { BerthYaml } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import { alwaysSingleton, type ProcessType } from '@berth/domain/process-type';
import { parseProcfile } from '@berth/domain/procfile';
import type { SourceView } from './source-view.js';

/**
 * Process types: Procfile, then berth.yaml over it; without a Procfile and without a web command in berth.yaml what the
 * language starts by convention, as at Heroku. `clock` is always a singleton (DESIGN section 3.4).
 *
 * `guess.web` is that command; without one, and without any other process, `guess.noStart` ends the sentence
 * "Nothing says how to start this app: there is no Procfile and …". Without `noStart` there may be none yet.
 */
export function planProcesses(
  view: SourceView,
  settings: BerthYaml,
  guess: { web: string | undefined; noStart: string | undefined },
): ProcessType[] {
  const text = view.texts.Procfile;
  const commands = new Map(text === undefined ? [] : parseProcfile(text).map(({ name, command }) => [name, command]));
  for (const [name, { command }] of Object.entries(settings.processes)) if (command) commands.set(name, command);
  if (text === undefined && !commands.has('web')) {
    if (guess.web) commands.set('web', guess.web);
    else if (commands.size === 0 && guess.noStart !== undefined) throw nothingStarts(view, guess.noStart);
  }
  const unknown = Object.keys(settings.processes).find((name) => !commands.has(name));
  if (unknown !== undefined)
    throw new UserError(
      'bad_request',
      `berth.yaml: the process "${unknown}" has no command there nor in the Procfile.`,
    );
  return [...commands].map(([name, command]) => ({
    name,
    command,
    singleton: name === alwaysSingleton || (settings.processes[name]?.singleton ?? false),
  }));
}

function nothingStarts(view: SourceView, reason: string): UserError {
  const procfile = view.paths.find((path) => /^procfile(\.txt)?$/i.test(path));
  const hint = procfile ? ` There is a file ${procfile}; its name must be Procfile.` : '';
  return new UserError('bad_request', `Nothing says how to start this app: there is no Procfile and ${reason}.${hint}`);
}

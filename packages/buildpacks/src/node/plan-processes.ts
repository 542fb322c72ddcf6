import type { BerthYaml } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import type { ProcessType } from '@berth/domain/process-type';
import { parseProcfile } from '@berth/domain/procfile';
import type { SourceView } from '../source-view.js';
import type { Manifest } from './manifest.js';
import type { PackageManager } from './package-manager.js';

/**
 * Process types: Procfile, then berth.yaml over it; without a Procfile and without commands in berth.yaml the start
 * script, as at Heroku. `clock` is always a singleton (DESIGN section 3.4).
 */
export function planProcesses(
  view: SourceView,
  settings: BerthYaml,
  manifest: Manifest,
  manager: PackageManager,
): ProcessType[] {
  const text = view.texts.Procfile;
  const commands = new Map(text === undefined ? [] : parseProcfile(text).map(({ name, command }) => [name, command]));
  for (const [name, { command }] of Object.entries(settings.processes)) if (command) commands.set(name, command);
  if (text === undefined && !commands.has('web')) {
    const start = startCommand(view, manifest, manager);
    if (start) commands.set('web', start);
    else if (commands.size === 0) throw noStart(view, manifest);
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
    singleton: name === 'clock' || (settings.processes[name]?.singleton ?? false),
  }));
}

function startCommand(view: SourceView, manifest: Manifest, manager: PackageManager): string | undefined {
  // yarn 2 runs no script of a project whose install state it does not find, and that is no part of an image.
  if (manifest.scripts.start) return manager.kind === 'yarn2' ? manifest.scripts.start : `${manager.tool.name} start`;
  return view.paths.includes('server.js') ? 'node server.js' : undefined;
}

function noStart(view: SourceView, manifest: Manifest): UserError {
  const scripts = Object.keys(manifest.scripts);
  const seen = scripts.length > 0 ? ` (its scripts: ${scripts.join(', ')})` : '';
  const procfile = view.paths.find((path) => /^procfile(\.txt)?$/i.test(path));
  const hint = procfile ? ` There is a file ${procfile}; its name must be Procfile.` : '';
  return new UserError(
    'bad_request',
    `Nothing says how to start this app: there is no Procfile and package.json has no "start" script${seen}.${hint}`,
  );
}

import type { SourceView } from '../source-view.js';
import { type Framework, isDevelopmentServer } from './frameworks.js';
import type { Manifest } from './manifest.js';
import type { PackageManager } from './package-manager.js';

interface StartCommand {
  web: string | undefined;
  /** Ends the sentence that says why there is none. */
  noStart: string;
  warnings: string[];
}

/**
 * How an app without a Procfile starts: by its start script, as at Heroku; by its framework's convention when there is none or
 * when it starts a development server; else by server.js.
 */
export function startCommand(
  view: SourceView,
  manifest: Manifest,
  manager: PackageManager,
  framework: Framework | undefined,
): StartCommand {
  const scripts = Object.keys(manifest.scripts);
  const seen = scripts.length > 0 ? ` (its scripts: ${scripts.join(', ')})` : '';
  const noStart = `package.json has no "start" script${seen}`;
  const { start } = manifest.scripts;
  if (start !== undefined && !isDevelopmentServer(start))
    return { web: byScript(start, manager), noStart, warnings: [] };
  if (framework) return { web: framework.start, noStart, warnings: start ? [notUsed(start, framework)] : [] };
  if (start !== undefined) return { web: byScript(start, manager), noStart, warnings: [slow(start)] };
  return { web: view.paths.includes('server.js') ? 'node server.js' : undefined, noStart, warnings: [] };
}

/** yarn 2 runs no script of a project whose install state it does not find, and that is no part of an image. */
function byScript(script: string, { kind, tool }: PackageManager): string {
  if (kind === 'yarn2') return script;
  return kind === 'bun' ? 'bun run start' : `${tool.name} start`;
}

const notUsed = (start: string, { title, start: used }: Framework) =>
  `The start script "${start}" is a development server; ${title} is started by "${used}". A Procfile says otherwise.`;
const slow = (start: string) =>
  `The start script "${start}" is a development server. Say in a Procfile how the built app starts.`;

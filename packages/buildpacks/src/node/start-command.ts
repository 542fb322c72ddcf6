import type { SourceView } from '../source-view.js';
import type { Manifest } from './manifest.js';
import type { PackageManager } from './package-manager.js';

/** How an app without a Procfile starts, as at Heroku: by its start script, else by server.js. */
export function startCommand(view: SourceView, manifest: Manifest, manager: PackageManager) {
  const scripts = Object.keys(manifest.scripts);
  const seen = scripts.length > 0 ? ` (its scripts: ${scripts.join(', ')})` : '';
  return { web: webCommand(view, manifest, manager), noStart: `package.json has no "start" script${seen}` };
}

function webCommand(view: SourceView, manifest: Manifest, manager: PackageManager): string | undefined {
  // yarn 2 runs no script of a project whose install state it does not find, and that is no part of an image.
  if (manifest.scripts.start) return manager.kind === 'yarn2' ? manifest.scripts.start : `${manager.tool.name} start`;
  return view.paths.includes('server.js') ? 'node server.js' : undefined;
}

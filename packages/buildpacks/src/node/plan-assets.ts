import type { BuildCommand, ToolWish } from '../build-plan.js';
import type { SourceView } from '../source-view.js';
import { installCommands, runScript } from './install-commands.js';
import { readManifest } from './manifest.js';
import { pickPackageManager } from './package-manager.js';

/** What Node.js makes for the browsers of an app of another language. */
export interface AssetsPlan {
  tools: ToolWish[];
  install: BuildCommand;
  /** The script `build` of package.json, when there is one. */
  build: BuildCommand | undefined;
  /** Of no use once the files are made. */
  leaveOut: string[];
}

/** undefined for an app without a package.json. The packages come from the app's cache disk, and are in no image. */
export function planAssets(view: SourceView): AssetsPlan | undefined {
  if (view.texts['package.json'] === undefined) return undefined;
  const manifest = readManifest(view);
  const manager = pickPackageManager(view, manifest);
  const argv = runScript(manager, 'build');
  return {
    tools: [
      { name: 'node', version: manifest.engines.node, isInImage: false },
      // npm comes with Node.js.
      ...(manager.kind === 'npm' ? [] : [{ ...manager.tool, isInImage: false }]),
    ],
    install: installCommands(manager).all,
    build: manifest.scripts.build
      ? { title: `Building the assets (${argv.join(' ')})`, argv, env: { NODE_ENV: 'production' } }
      : undefined,
    leaveOut: ['node_modules'],
  };
}

import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, BuildPlan } from '../build-plan.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { runScript } from './install-commands.js';
import { type Manifest, readManifest } from './manifest.js';
import { type PackageManager, pickPackageManager } from './package-manager.js';
import { planDependencies } from './plan-dependencies.js';
import { startCommand } from './start-command.js';

/** Raised when the same source would give another dependencies layer: part of its key. */
const version = '1';

/** Decides everything about the build of a Node.js app; pure. */
export function planNode(view: SourceView, settings: BerthYaml): BuildPlan {
  const manifest = readManifest(view);
  const manager = pickPackageManager(view, manifest);
  const dependencies = planDependencies(view, manifest, manager);
  const warnings = [
    ...(dependencies && !manager.lockfile
      ? ['There is no lockfile: each build may get other versions. Commit the one that your package manager writes.']
      : []),
    ...(view.paths.some((path) => path.startsWith('node_modules/'))
      ? ['node_modules is in the repository; it is left out and installed anew. Put it into .gitignore.']
      : []),
  ];
  return {
    buildpack: { name: 'node', version },
    runtime: { name: 'node', ...nodeWish(view, settings, manifest) },
    // npm is part of the runtime; the others are in the image too, since a Procfile may say `yarn start`.
    tools: manager.tool.name === 'npm' ? [] : [{ ...manager.tool, isInImage: true }],
    dependencies,
    build: buildCommands(settings, manifest, manager),
    leaveOut: ['**/node_modules/.cache'], // of bundlers, which only the next build could use
    processes: planProcesses(view, settings, startCommand(view, manifest, manager)),
    healthcheck: settings.healthcheck,
    env: { NODE_ENV: 'production' },
    warnings,
  };
}

function nodeWish(view: SourceView, settings: BerthYaml, manifest: Manifest) {
  const line = (path: string) => view.texts[path]?.split('\n')[0]?.trim() || undefined;
  const wishes: [string, string | undefined][] = [
    ['berth.yaml', settings.runtime?.version],
    ['package.json', manifest.engines.node],
    ['.nvmrc', line('.nvmrc')],
    ['.node-version', line('.node-version')],
  ];
  const found = wishes.find(([, wish]) => wish !== undefined);
  return { wish: found?.[1], wishFrom: found?.[0] };
}

/** berth.yaml's command, else the script heroku-postbuild or build, as Heroku's own buildpack has it. */
function buildCommands(settings: BerthYaml, manifest: Manifest, manager: PackageManager): BuildCommand[] {
  const env = { NODE_ENV: 'production' };
  if (settings.buildCommand)
    return [{ title: `Running the build (${settings.buildCommand})`, argv: ['sh', '-c', settings.buildCommand], env }];
  const script = ['heroku-postbuild', 'build'].find((name) => manifest.scripts[name]);
  if (!script) return [];
  const argv = runScript(manager.tool.name, script);
  return [{ title: `Running the build script (${argv.join(' ')})`, argv, env }];
}

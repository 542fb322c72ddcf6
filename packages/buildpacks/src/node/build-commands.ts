import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand } from '../build-plan.js';
import { ownCommand } from '../own-command.js';
import type { SourceView } from '../source-view.js';
import { runIn, runScript, runTool } from './install-commands.js';
import type { Manifest } from './manifest.js';
import type { PackageManager } from './package-manager.js';
import type { Member } from './workspaces.js';

/** Heroku's names of the script, in its order. */
const buildScripts = ['heroku-postbuild', 'build'];

const env = {
  NODE_ENV: 'production',
  TURBO_TELEMETRY_DISABLED: '1',
  NX_DAEMON: 'false',
  NEXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
};

/** berth.yaml's command, else the script heroku-postbuild or build, as Heroku's own buildpack has it. */
export function buildCommands(settings: BerthYaml, manifest: Manifest, manager: PackageManager): BuildCommand[] {
  if (settings.buildCommand) return [ownCommand(settings.buildCommand, { env })];
  const script = buildScripts.find((name) => manifest.scripts[name]);
  return script ? [shown(runScript(manager, script))] : [];
}

/**
 * How one workspace is built: by Turborepo or Nx when the repository has them, which know what it needs; else the build
 * script of each workspace that it needs, and its own.
 */
export function memberBuildCommands(
  view: SourceView,
  settings: BerthYaml,
  manager: PackageManager,
  { member, needed, root }: { member: Member; needed: readonly Member[]; root: Manifest },
): BuildCommand[] {
  if (settings.buildCommand) return [ownCommand(settings.buildCommand, { env })];
  const { path, manifest } = member;
  const own = buildScripts.find((name) => manifest.scripts[name]);
  const has = (tool: string) => tool in { ...root.dependencies, ...root.devDependencies };
  if (view.paths.includes('turbo.json') && has('turbo') && own)
    return [shown(runTool(manager, ['turbo', 'run', own, `--filter=./${path}`]))];
  if (view.paths.includes('nx.json') && has('nx'))
    return [shown(runTool(manager, ['nx', 'run', `${projectName(view, member)}:build`]))];
  return needed.flatMap((one) => {
    const script = one === member ? own : one.manifest.scripts.build && 'build';
    return script ? [shown(runIn(manager, one, script))] : [];
  });
}

/** Nx's name of a project: project.json's, else package.json's, else the directory's. */
function projectName(view: SourceView, { path, manifest }: Member): string {
  const named = /"name"\s*:\s*"([^"]+)"/.exec(view.texts[`${path}/project.json`] ?? '')?.[1];
  return named ?? manifest.name ?? path.slice(path.lastIndexOf('/') + 1);
}

const shown = (argv: BuildCommand['argv']): BuildCommand => ({
  title: `Running the build script (${argv.join(' ')})`,
  argv,
  env,
});

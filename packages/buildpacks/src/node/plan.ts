import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildPlan } from '../build-plan.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { buildCommands, memberBuildCommands } from './build-commands.js';
import { findFramework } from './frameworks.js';
import { type Manifest, readManifest } from './manifest.js';
import { type PackageManager, pickPackageManager } from './package-manager.js';
import { planDependencies } from './plan-dependencies.js';
import { startCommand } from './start-command.js';
import { findMembers, type Member, withNeeded } from './workspaces.js';

/** Raised when the same source would give another dependencies layer: part of its key. */
const version = '1';

/**
 * Decides everything about the build of a Node.js app, or of one workspace of a repository; pure. `start` says how it starts
 * when that is not by Node.js's own conventions.
 */
export function planNode(
  view: SourceView,
  settings: BerthYaml,
  memberPath?: string,
  start?: ReturnType<typeof startCommand>,
): BuildPlan {
  const root = readManifest(view);
  const manager = pickPackageManager(view, root);
  const part = memberPath === undefined ? undefined : planMember(view, settings, manager, root, memberPath);
  const manifest = part?.member.manifest ?? root;
  const framework = findFramework(manifest);
  const dependencies = planDependencies(view, root, manager);
  const guess = start ?? startCommand(below(view, memberPath), manifest, manager, framework);
  const at = (path: string) => (memberPath === undefined ? path : `${memberPath}/${path}`);
  const processes = planProcesses(view, settings, guess);
  const caches = ['node_modules/.cache', ...(part ? ['.turbo/cache', '.nx/cache'] : [])];
  return {
    buildpack: { name: 'node', version },
    runtime: { name: 'node', ...nodeWish(view, settings, root, part?.member) },
    tools: toolsOf(
      manager,
      processes.map(({ command }) => command),
    ),
    dependencies,
    build: part?.build ?? buildCommands(settings, manifest, manager),
    leaveOut: ['**/node_modules/.cache', ...(part?.leaveOut ?? [])],
    caches: [...caches, ...(framework?.caches ?? []).map(at), ...settings.caches],
    workingDir: memberPath,
    processes,
    healthcheck: settings.healthcheck,
    // npm tells no running app of a newer npm.
    env: { NODE_ENV: 'production', npm_config_update_notifier: 'false', ...framework?.env },
    warnings: [...sourceWarnings(view, manager, dependencies !== undefined), ...guess.warnings],
  };
}

/** npm is part of the runtime; pnpm and yarn are in the image too, bun (100 MB) only where a process is started by it. */
function toolsOf({ tool, kind }: PackageManager, commands: readonly string[]): BuildPlan['tools'] {
  if (kind === 'npm') return [];
  return [{ ...tool, isInImage: kind !== 'bun' || commands.some((command) => /\bbunx?\b/.test(command)) }];
}

/** What one workspace needs: the others are not in its image. */
function planMember(view: SourceView, settings: BerthYaml, manager: PackageManager, root: Manifest, path: string) {
  const members = findMembers(view, root);
  const member: Member = members.find((one) => one.path === path) ?? { path, manifest: root }; // a project of Nx
  const needed = withNeeded(member, members);
  const build = memberBuildCommands(view, settings, manager, { member, needed, root });
  const leaveOut = members.filter((one) => !needed.includes(one)).map((one) => one.path);
  return { member, build, leaveOut };
}

function below({ paths, texts }: SourceView, memberPath: string | undefined): SourceView {
  if (memberPath === undefined) return { paths, texts };
  const prefix = `${memberPath}/`;
  return { paths: paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)), texts };
}

function sourceWarnings(view: SourceView, manager: PackageManager, hasDependencies: boolean): string[] {
  return [
    ...(hasDependencies && !manager.lockfile
      ? ['There is no lockfile: each build may get other versions. Commit the one that your package manager writes.']
      : []),
    ...(view.paths.some((path) => path.startsWith('node_modules/'))
      ? ['node_modules is in the repository; it is left out and installed anew. Put it into .gitignore.']
      : []),
  ];
}

function nodeWish(view: SourceView, settings: BerthYaml, root: Manifest, member: Member | undefined) {
  const line = (path: string) => view.texts[path]?.split('\n')[0]?.trim() || undefined;
  const wishes: [string, string | undefined][] = [
    ['berth.yaml', settings.runtime?.version],
    ...(member ? [[`${member.path}/package.json`, member.manifest.engines.node] as [string, string | undefined]] : []),
    ['package.json', root.engines.node],
    ['.nvmrc', line('.nvmrc')],
    ['.node-version', line('.node-version')],
  ];
  const found = wishes.find(([, wish]) => wish !== undefined);
  return { wish: found?.[1], wishFrom: found?.[0] };
}

import type { DependenciesPlan, InstallFile } from '../build-plan.js';
import type { SourceView } from '../source-view.js';
import { installCommands } from './install-commands.js';
import { type Manifest, readManifest, workspaceManifests } from './manifest.js';
import type { PackageManager } from './package-manager.js';
import { planUnpack } from './plan-unpack.js';
import { reduceInstallFile } from './reduce-install-file.js';

/** Scripts that a package manager runs in the app itself while it installs: they may read any file of the source. */
const installScripts = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];
const settings = ['.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', 'pnpm-workspace.yaml'];
const settingsFolders = ['patches/', '.yarn/releases/', '.yarn/plugins/', '.yarn/patches/', '.pnpm-patches/'];

/** undefined: the app has no dependencies at all. */
export function planDependencies(
  view: SourceView,
  root: Manifest,
  manager: PackageManager,
): DependenciesPlan | undefined {
  const manifestPaths = ['package.json', ...workspaceManifests(view, root)];
  const manifests = manifestPaths.map((path) => (path === 'package.json' ? root : readManifest(view, path)));
  const count = (of: (manifest: Manifest) => Record<string, string>) =>
    manifests.reduce((sum, manifest) => sum + Object.keys(of(manifest)).length, 0);
  const devCount = count((manifest) => manifest.devDependencies);
  const runCount = count((manifest) => ({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  const scripted = manifests.some((manifest) => installScripts.some((name) => manifest.scripts[name]));
  if (devCount + runCount === 0 && !scripted && manifests.length === 1 && !view.paths.includes('binding.gyp'))
    return undefined;
  const commands = installCommands(manager);
  const isCompiled = view.paths.includes('binding.gyp'); // npm then runs node-gyp for the app itself
  const notSharedBecause = isCompiled ? 'binding.gyp is compiled' : reasonNotShared(manifestPaths, manifests, manager);
  const files = notSharedBecause === undefined ? visibleFiles(view, manifestPaths, manager) : undefined;
  return {
    files,
    ...(notSharedBecause === undefined ? {} : { notSharedBecause }),
    configNames: namedConfig(view),
    trees: ['node_modules'],
    unpack: files && planUnpack(view, root, manager, { withDev: false }),
    unpackAll: files && planUnpack(view, root, manager, { withDev: true }),
    installAll: commands.all,
    installProduction: commands.production,
    prune: devCount > 0 ? commands.prune : undefined,
    ...(commands.isLockfileAtFault ? { isLockfileAtFault: commands.isLockfileAtFault } : {}),
  };
}

function reasonNotShared(paths: string[], manifests: Manifest[], manager: PackageManager): string | undefined {
  if (!manager.lockfile) return 'there is no lockfile';
  for (const [index, manifest] of manifests.entries()) {
    const script = installScripts.find((name) => manifest.scripts[name]);
    if (script) return `${paths[index]} has a script "${script}"`;
    const local = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }).find(([, wish]) => /^(file|link|portal):|^\.{1,2}\//.test(wish));
    if (local) return `${local[0]} is a dependency inside the repository`;
  }
  return undefined;
}

function visibleFiles(view: SourceView, manifestPaths: string[], manager: PackageManager): InstallFile[] {
  const wanted = new Set([...manifestPaths, manager.lockfile, ...settings]);
  // A workspace may have settings of its own.
  const workspaceSettings = new Set(manifestPaths.map((path) => path.replace(/package\.json$/, '.npmrc')));
  return view.paths
    .filter(
      (path) =>
        wanted.has(path) || workspaceSettings.has(path) || settingsFolders.some((folder) => path.startsWith(folder)),
    )
    .sort()
    .map((path) => {
      // What other workspaces ask for may be the version of the root.
      const text = manifestPaths.length === 1 ? reduceInstallFile(path, view.texts[path]) : undefined;
      return text === undefined ? { path } : { path, text };
    });
}

/** `${NPM_TOKEN}`, `${NPM_TOKEN-default}`, `$NPM_TOKEN` in the settings of npm, pnpm and yarn. */
function namedConfig(view: SourceView): string[] {
  const names = Object.entries(view.texts)
    .filter(([path]) => /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml)$/.test(path))
    .flatMap(([, text]) => [...text.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)].map((match) => match[1]!));
  return [...new Set(names)].sort();
}

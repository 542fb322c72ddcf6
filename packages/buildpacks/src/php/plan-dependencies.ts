import type { BuildCommand, DependenciesPlan, InstallFile } from '../build-plan.js';
import type { SourceView } from '../source-view.js';
import type { ComposerManifest } from './manifest.js';

/** The packages alone; the autoloader and the app's scripts want the whole source and come with the build. */
const install: BuildCommand = {
  title: 'Installing dependencies (composer install)',
  argv: ['composer', 'install', '--no-dev', '--no-scripts', '--no-autoloader', '--prefer-dist', '--no-progress'],
  env: {},
};

/** Parts of a composer.json that the choice of packages does not depend on, nor the hash in the lockfile. */
const unneeded = [
  ...['description', 'keywords', 'homepage', 'readme', 'time', 'license', 'authors', 'support', 'funding'],
  ...['scripts', 'scripts-descriptions', 'autoload', 'autoload-dev', 'archive', 'bin'],
];

export const vendorDirectory = ({ config }: ComposerManifest): string =>
  (config['vendor-dir'] ?? 'vendor').replace(/^\.\/|\/+$/g, '');

/** undefined: the app has no packages, or brings them along. */
export function planDependencies(view: SourceView, manifest: ComposerManifest): DependenciesPlan | undefined {
  const packages = Object.keys(manifest.require).filter((name) => name.includes('/'));
  if (packages.length === 0 || isVendored(view, manifest)) return undefined;
  const notSharedBecause = reasonNotShared(view, manifest);
  return {
    files: notSharedBecause === undefined ? visibleFiles(view) : undefined,
    ...(notSharedBecause === undefined ? {} : { notSharedBecause }),
    configNames: ['COMPOSER_AUTH'],
    trees: [vendorDirectory(manifest)],
    installAll: install,
    installProduction: install,
    prune: undefined,
  };
}

/** The packages are part of the repository, with Composer's autoloader. */
export const isVendored = ({ paths }: SourceView, manifest: ComposerManifest): boolean =>
  paths.includes(`${vendorDirectory(manifest)}/autoload.php`);

function reasonNotShared({ paths }: SourceView, { repositories, extra }: ComposerManifest): string | undefined {
  if (!paths.includes('composer.lock')) return 'there is no composer.lock';
  const local = repositories.find(({ type, url }) => type === 'path' || (type === 'artifact' && url));
  if (local) return `composer.json takes packages from the repository itself (${local.url})`;
  if ('installer-paths' in extra) return 'packages are installed outside of vendor/ (installer-paths)';
  if ('merge-plugin' in extra) return 'composer.json is merged with other files (merge-plugin)';
  return undefined;
}

function visibleFiles({ paths, texts }: SourceView): InstallFile[] {
  return paths
    .filter((path) => ['composer.json', 'composer.lock', 'auth.json'].includes(path) || path.startsWith('patches/'))
    .map((path) => (path === 'composer.json' ? { path, text: reduce(texts[path]!) } : { path }));
}

/** Without what packages do not depend on, so that a new script does not make new dependencies of an app. */
function reduce(text: string): string {
  const document = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;
  return JSON.stringify(Object.fromEntries(Object.entries(document).filter(([name]) => !unneeded.includes(name))));
}

import type { SourceView } from '../source-view.js';
import type { GoMod } from './read-go-mod.js';

/**
 * Names of the binaries that the build will make, as far as the files' names tell: directories with a main.go, those
 * below cmd/, else the module's own root. Go names a binary after its package's directory, the root's after the module.
 */
export function binaryNames({ paths, texts }: SourceView, { module, install }: GoMod): string[] {
  const own = paths.filter((path) => path.endsWith('.go') && !path.endsWith('_test.go') && !isElsewhere(path));
  const folders = own
    .filter((path) => isMain(texts[path]) || /^cmd\/[^/]+\/[^/]+$/.test(path))
    .map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const isRootMain = folders.length === 0 && own.some((path) => !path.includes('/'));
  const found = isRootMain ? [''] : [...new Set(folders)];
  const wanted = install.length === 0 ? found : found.filter((folder) => isInstalled(folder, install));
  return [...new Set(wanted.map((folder) => baseName(folder === '' ? (module ?? '') : folder)))].sort();
}

const isElsewhere = (path: string) => /(^|\/)(vendor|testdata|_[^/]*|\.[^/]*)\//.test(path);

const isMain = (text: string | undefined) => text !== undefined && /^package\s+main\b/m.test(text);

/** `./cmd/web`, `./cmd/...`, `.`; a full import path is matched by its end. */
function isInstalled(folder: string, install: readonly string[]): boolean {
  return install.some((pattern) => {
    const path = pattern.replace(/^\.\/?/, '').replace(/\/$/, '');
    if (path === '...') return true;
    if (path.endsWith('/...')) return `${folder}/`.startsWith(path.slice(0, -3));
    return path === folder || (folder !== '' && path.endsWith(`/${folder}`));
  });
}

/** `github.com/team/shop/v2` → `shop`: the major version is no part of a binary's name (go help install). */
function baseName(path: string): string {
  const parts = path.split('/');
  const last = parts.at(-1)!;
  return /^v[2-9]\d*$|^v1\d+$/.test(last) && parts.length > 1 ? parts.at(-2)! : last;
}

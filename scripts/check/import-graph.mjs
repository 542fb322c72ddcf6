import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from '../up/settings.mjs';
import { isCode, isTest, sourceFiles } from './source-files.mjs';

/**
 * One import of one file: `to` is a file of ours, or `npm:<name>`.
 * @typedef {{ to: string, isType: boolean }} Import
 */

/**
 * Who imports what, for the sources (not the tests) of packages/ and apps/.
 * @returns {Map<string, Import[]>}
 */
export function readImportGraph() {
  const files = sourceFiles('packages', 'apps').filter((file) => isCode(file) && !isTest(file) && /\/src\//.test(file));
  return new Map(files.map((file) => [file, importsOf(file)]));
}

const statement =
  /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/**
 * @param {string} file
 * @returns {Import[]}
 */
function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(statement)].flatMap(([, type, from, bare, dynamic]) => {
    const to = resolve(file, from ?? bare ?? dynamic ?? '');
    return to ? [{ to, isType: type !== undefined }] : [];
  });
}

/**
 * @param {string} file
 * @param {string} wanted as it stands in the import
 */
function resolve(file, wanted) {
  const [, ours, path] = /^@berth\/([a-z-]+)\/(.+)$/.exec(wanted) ?? [];
  if (ours && path)
    return sourceOf(ours.startsWith('app-') ? `apps/${ours.slice(4)}/src/${path}` : `packages/${ours}/src/${path}`);
  if (wanted.startsWith('@/')) return sourceOf(`${file.split('/').slice(0, 2).join('/')}/src/${wanted.slice(2)}`);
  if (wanted.startsWith('.')) return sourceOf(normalize(join(dirname(file), wanted)));
  return `npm:${wanted}`;
}

/**
 * The source file behind a path that may end in .js or in nothing. Generated code (Prisma's client) counts as its path.
 * @param {string} path
 */
function sourceOf(path) {
  const bare = path.replace(/\.(js|ts|tsx|mjs)$/, '');
  return [`${bare}.ts`, `${bare}.tsx`, `${bare}.mjs`].find((file) => existsSync(join(root, file))) ?? `${bare}.ts`;
}

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './settings.mjs';

/**
 * A stamp per finished step: the hash of what went into it. A step whose stamp is unchanged has nothing to do.
 * They lie in node_modules, so that they vanish together with what they speak of.
 * @param {string} name
 */
const fileOf = (name) => join(root, 'node_modules', `.berth-${name}`);

/**
 * @param {string} name
 * @param {string} hash
 */
export const isStamped = (name, hash) => existsSync(fileOf(name)) && readFileSync(fileOf(name), 'utf8') === hash;

/**
 * @param {string} name
 * @param {string} hash
 */
export const stamp = (name, hash) => writeFileSync(fileOf(name), hash);

/**
 * One hash of names and contents of files and folders (below the checkout); what is not there counts as empty.
 * @param {string[]} paths
 * @param {(path: string) => boolean} [isWanted]
 */
export function hashFiles(paths, isWanted = () => true) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesOf(join(root, path))) {
      const name = relative(root, file);
      if (!isWanted(name)) continue;
      const content = createHash('sha256').update(readFileSync(file)).digest('hex');
      hash.update(`${name}\0${content}\n`);
    }
  }
  return hash.digest('hex');
}

const skipped = new Set(['node_modules', 'dist', '.next', 'generated', 'test-results']);

/**
 * @param {string} path
 * @returns {string[]} sorted
 */
function filesOf(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !entry.isSymbolicLink() && !entry.name.endsWith('.tsbuildinfo'))
    .flatMap((entry) => filesOf(join(path, entry.name)))
    .sort();
}

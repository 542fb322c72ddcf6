import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../up/settings.mjs';

/**
 * The files that git knows, or would with the next `git add`, below some paths.
 * @param {...string} paths
 * @returns {string[]} relative to the checkout
 */
export function sourceFiles(...paths) {
  const text = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...paths], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return text.split('\n').filter((file) => file && existsSync(join(root, file)));
}

/** @param {string} file */
export const isCode = (file) => /\.(ts|tsx|mjs)$/.test(file);

/** @param {string} file */
export const isTest = (file) => /\.test\.tsx?$|\/test\/|^e2e\//.test(file);

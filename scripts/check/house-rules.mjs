import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../up/settings.mjs';
import { isCode, isTest, sourceFiles } from './source-files.mjs';

const linesMax = 300;

/**
 * Rules that no linter knows.
 * @returns {string[]} what is wrong, one line each
 */
export function checkHouseRules() {
  const code = sourceFiles('packages', 'apps', 'scripts', 'e2e').filter(isCode);
  return [...longFiles(code), ...environmentReads(code), ...registryHosts(), ...barrels(code)];
}

/** @param {string[]} code */
function longFiles(code) {
  return code.flatMap((file) => {
    const lines = read(file).split('\n').length - 1;
    return lines > linesMax ? [`${file}: ${lines} lines, at most ${linesMax}`] : [];
  });
}

/**
 * `process.env` is read once per process, in its config.ts; scripts run before anything is parsed.
 * @param {string[]} code
 */
function environmentReads(code) {
  return code
    .filter((file) => /^(packages|apps)\//.test(file) && !isTest(file) && !/(\/|\.)config\.[a-z]+$/.test(file))
    .filter((file) => /\bprocess\.env\b/.test(read(file)) && !file.endsWith('db/src/test-database.ts'))
    .map((file) => `${file}: process.env is read in config.ts only`);
}

/** A lock file that names a registry sends everybody to that registry. */
function registryHosts() {
  return sourceFiles('package-lock.json', 'examples')
    .filter((file) => /(package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/.test(file))
    .filter((file) => /"?resolved"?:?\s+"?https?:\/\/|tarball:\s*https?:/.test(read(file)))
    .map((file) => `${file}: names the host of a registry (npm's setting omit-lockfile-registry-resolved)`);
}

/** @param {string[]} code */
function barrels(code) {
  return code.filter((file) => /^packages\/.*\/index\.ts$/.test(file)).map((file) => `${file}: a barrel file`);
}

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

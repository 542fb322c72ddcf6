import { checkHouseRules } from './check/house-rules.mjs';
import { checkImports } from './check-imports.mjs';
import { run } from './up/command.mjs';
import { root } from './up/settings.mjs';

/**
 * `npm run check`: types, lint and format, import directions, house rules. All of them run, then the code tells.
 * @type {[string, () => Promise<string[]>][]}
 */
const checks = [
  ['types', () => runCheck(['npx', 'tsc', '-b'])],
  ['types of scripts', () => runCheck(['npx', 'tsc', '-p', 'scripts'])],
  ['types of tests', () => runCheck(['npx', 'tsc', '-p', 'tsconfig.test.json'])],
  ['lint and format', () => runCheck(['npx', 'biome', 'check', '--max-diagnostics=50', '.'])],
  ['import directions', async () => checkImports()],
  ['house rules', async () => checkHouseRules()],
];

/**
 * @param {string[]} argv
 * @returns {Promise<string[]>}
 */
async function runCheck(argv) {
  const { code, stdout, stderr } = await run(argv, { cwd: root, check: false });
  return code === 0 ? [] : `${stdout}${stderr}`.trimEnd().split('\n');
}

for (const [name, check] of checks) {
  const started = Date.now();
  const wrong = await check();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`  ${wrong.length === 0 ? '✓' : '✗'} ${seconds.padStart(6)} s  ${name}`);
  if (wrong.length === 0) continue;
  console.error(wrong.map((line) => `      ${line}`).join('\n'));
  process.exitCode = 1;
}

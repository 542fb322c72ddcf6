import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../up/engine.mjs';
import { platformImage } from '../up/platform-recipe.mjs';
import { runSteps } from '../up/run-steps.mjs';
import { root } from '../up/settings.mjs';
import { stopOwnEngine } from '../up/start-engine.mjs';
import { prepareSteps, startSteps } from '../up/steps.mjs';
import { installChromium } from './install-chromium.mjs';
import { findLeftovers, removeLeftovers } from './leftovers.mjs';
import { runVitest, stopVitest } from './run-vitest.mjs';
import { testEnv, testSettings } from './test-berth.mjs';

/** @typedef {import('./run-vitest.mjs').Outcome} Outcome */

const hour = 3600;

/**
 * `npm test`: everything, from a bare host. Checks and unit tests come first; then a Berth of its own is brought up for
 * the integration and end-to-end tests, and taken away again whatever happens. The last line counts.
 */
async function main() {
  const settings = testSettings();
  const context = { settings, engine: new Engine(settings.socket), found: /** @type {Record<string, any>} */ ({}) };
  const total = /** @type {Outcome} */ ({ passed: 0, failures: [] });
  const add = (/** @type {Outcome} */ { passed, failures }) => {
    total.passed += passed;
    total.failures.push(...failures);
  };
  try {
    await runSteps(prepareSteps, context);
    await runSteps([installChromium], context);
    await removeLeftovers(context.engine, hour);
    const reports = join(root, 'test-results');
    mkdirSync(reports, { recursive: true });
    add(await runChecks());
    add(await runVitest('unit', reports, {}));
    await runSteps(startSteps, context);
    const env = partsEnv(context.found);
    add(await runVitest('integration', reports, env));
    add(await runVitest('e2e', reports, env));
  } catch (error) {
    add({ passed: 0, failures: [error instanceof Error ? error.message : String(error)] });
  }
  add(await takeAway(context));
  for (const failure of total.failures) console.error(`\nfailed: ${failure}`); // at the end, where a long log is read first
  console.log(`\n${total.passed} passed, ${total.failures.length} failed`);
  process.exit(total.failures.length === 0 ? 0 : 1);
}

/** @returns {Promise<Outcome>} */
async function runChecks() {
  const child = spawn(process.execPath, [join(root, 'scripts/check.mjs')], { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return code === 0
    ? { passed: 1, failures: [] }
    : { passed: 0, failures: [`npm run check ended with exit code ${code}`] };
}

/**
 * What tests are told of the real parts. The registry by the address that the Docker daemon pulls from.
 * @param {Record<string, any>} found
 */
function partsEnv(found) {
  const { operator } = found.secrets.registryProcesses;
  return {
    ...testEnv,
    TEST_DATABASE_URL: found.urls.database.replace(/\/berth$/, '/postgres'),
    TEST_REDIS_URL: found.urls.redis,
    TEST_REGISTRY_URL: `http://127.0.0.1:${testEnv.BERTH_REGISTRY_PORT}`,
    TEST_REGISTRY_TOKEN_URL: `http://operator:${operator}@localhost:${testEnv.BERTH_PORT}/registry/token`,
    DOCKER_CONFIG: writeDockerConfig(`operator:${operator}`),
    TEST_STACK_TAR: found.stackTar,
    BERTH_PLATFORM_IMAGE: platformImage,
  };
}

/**
 * The docker command of the tests is signed in at their registry.
 * @param {string} credential user:password
 */
function writeDockerConfig(credential) {
  const folder = join(testSettings().home, 'docker');
  const auth = Buffer.from(credential).toString('base64');
  mkdirSync(folder, { recursive: true });
  const auths = { [`127.0.0.1:${testEnv.BERTH_REGISTRY_PORT}`]: { auth } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }), { mode: 0o600 });
  return folder;
}

/**
 * Nothing stays behind, and a test that left something has failed.
 * @param {import('../up/run-steps.mjs').Context} context
 * @returns {Promise<Outcome>}
 */
async function takeAway({ engine, found }) {
  if (!(await engine.version())) return { passed: 0, failures: [] };
  const left = await findLeftovers(engine, 0);
  await removeLeftovers(engine, hour);
  if (found.isOwnEngine) await stopOwnEngine(engine);
  return left.length > 0
    ? { passed: 0, failures: [`left behind by tests: ${left.join(', ')}`] }
    : { passed: 1, failures: [] };
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    console.error('\nStopped: taking the test Berth away …');
    await stopVitest();
    await removeLeftovers(new Engine(testSettings().socket), hour).catch((error) => console.error(error.message));
    process.exit(130);
  });

await main();

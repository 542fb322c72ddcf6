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

const hour = 3600;

/**
 * `npm test`: everything, from a bare host. Checks and unit tests come first; then a Berth of its own is brought up for
 * the integration and end-to-end tests, and taken away again whatever happens. The last line counts.
 */
async function main() {
  const settings = testSettings();
  const context = { settings, engine: new Engine(settings.socket), found: /** @type {Record<string, any>} */ ({}) };
  const total = { passed: 0, failed: 0 };
  const add = (/** @type {{ passed: number, failed: number }} */ { passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
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
    console.error(error instanceof Error ? error.message : error);
    add({ passed: 0, failed: 1 });
  }
  add(await takeAway(context));
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}

/** @returns {Promise<{ passed: number, failed: number }>} */
async function runChecks() {
  const child = spawn(process.execPath, [join(root, 'scripts/check.mjs')], { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
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
 */
async function takeAway({ engine, found }) {
  if (!(await engine.version())) return { passed: 0, failed: 0 };
  const left = await findLeftovers(engine, 0);
  if (left.length > 0) console.error(`Left behind by tests: ${left.join(', ')}`);
  await removeLeftovers(engine, hour);
  if (found.isOwnEngine) await stopOwnEngine(engine);
  return left.length > 0 ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    console.error('\nStopped: taking the test Berth away …');
    await stopVitest();
    await removeLeftovers(new Engine(testSettings().socket), hour).catch((error) => console.error(error.message));
    process.exit(130);
  });

await main();

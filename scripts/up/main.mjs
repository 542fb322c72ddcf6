import { checkHost } from './check-host.mjs';
import { compile, compileDashboard } from './compile.mjs';
import { Engine } from './engine.mjs';
import { fillRegistry } from './fill-registry.mjs';
import { firstApp } from './first-app.mjs';
import { installAptPackages } from './install-apt-packages.mjs';
import { installNpmPackages } from './install-npm-packages.mjs';
import { makeAdmin } from './make-admin.mjs';
import { makeCertificates } from './make-certificates.mjs';
import { makePlatformImage } from './make-platform-image.mjs';
import { makeSettings } from './make-settings.mjs';
import { makeStack } from './make-stack.mjs';
import { migrate } from './migrate.mjs';
import { printNext } from './print-next.mjs';
import { runSteps } from './run-steps.mjs';
import { readSettings } from './settings.mjs';
import { startEngine } from './start-engine.mjs';
import { startParts } from './start-parts.mjs';
import { startProcesses } from './start-processes.mjs';

/**
 * `npm start`: from a bare host to an app that answers. Run again it only does what is missing.
 * Lists of lanes run side by side.
 * @type {(import('./run-steps.mjs').Step | import('./run-steps.mjs').Step[][])[]}
 */
const steps = [
  checkHost,
  installAptPackages,
  startEngine,
  [[installNpmPackages, compile, makeStack, compileDashboard], [makePlatformImage]],
  makeSettings,
  makeCertificates,
  startParts,
  migrate,
  fillRegistry,
  startProcesses,
  makeAdmin,
  firstApp,
];

const settings = readSettings();
const context = { settings, engine: new Engine(settings.socket), found: {} };
try {
  await runSteps(steps, context);
  printNext(settings, context.found);
} catch {
  process.exitCode = 1; // said by the step itself
}

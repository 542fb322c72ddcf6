import { checkHost } from './check-host.mjs';
import { compile, compileDashboard } from './compile.mjs';
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
import { offerSwap } from './offer-swap.mjs';
import { raiseLimits } from './raise-limits.mjs';
import { startEngine } from './start-engine.mjs';
import { startParts } from './start-parts.mjs';
import { startProcesses } from './start-processes.mjs';

/** @typedef {(import('./run-steps.mjs').Step | import('./run-steps.mjs').Step[][])[]} Steps a list of lanes runs side by side */

/**
 * From a bare host to everything that a Berth is started from.
 * @type {Steps}
 */
export const prepareSteps = [
  checkHost,
  offerSwap,
  raiseLimits,
  installAptPackages,
  startEngine,
  [[installNpmPackages, compile, makeStack, compileDashboard], [makePlatformImage]],
];

/**
 * From there to an app that answers.
 * @type {Steps}
 */
export const startSteps = [
  makeSettings,
  makeCertificates,
  startParts,
  migrate,
  fillRegistry,
  startProcesses,
  makeAdmin,
  firstApp,
];

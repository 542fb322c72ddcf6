import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../up/settings.mjs';

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

/** Ends a run that nobody waits for any more. */
export async function stopVitest() {
  if (!running) return;
  running.kill('SIGTERM');
  const killing = setTimeout(() => running?.kill('SIGKILL'), 10_000);
  await once(running, 'close');
  clearTimeout(killing);
}

/**
 * Runs one project of vitest.config.ts with its output shown, and counts. A run that broke off counts as one failure more.
 * Tests on real parts wait more than they compute, so two files at a time also where Vitest would run one.
 * @param {string} project
 * @param {string} folder for the report
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runVitest(project, folder, env) {
  const report = join(folder, `${project}.json`);
  rmSync(report, { force: true });
  const options = ['--maxWorkers=2', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(join(root, 'node_modules/.bin/vitest'), ['run', '--project', project, ...options], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  running = child;
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  running = undefined;
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = numFailedTests + numPendingTests; // a skipped test proves nothing
  return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1) };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../up/settings.mjs';

/** @typedef {{ passed: number, failures: string[] }} Outcome what passed, and a line or a few for each thing that did not */
/** @typedef {{ fullName: string, status: string, failureMessages?: string[] }} Assertion */

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
 * @returns {Promise<Outcome>}
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
  if (!existsSync(report)) return { passed: 0, failures: [`${project}: broke off before its report`] };
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const failures = testResults.flatMap(failuresOf);
  if (code !== 0 && failures.length === 0) failures.push(`${project}: ended with exit code ${code}`);
  return { passed: numPassedTests, failures };
}

/**
 * What one file says that did not pass: a skipped test proves nothing, so it counts too.
 * @param {{ name: string, status: string, message: string, assertionResults: Assertion[] }} file
 * @returns {string[]}
 */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const failures = assertionResults
    .filter((test) => test.status !== 'passed')
    .map((test) => `${file}: ${test.fullName} (${test.status}) ${firstLines(test.failureMessages?.join('\n') ?? '')}`);
  if (status === 'failed' && (failures.length === 0 || message)) failures.push(`${file}: ${firstLines(message)}`);
  return failures;
}

/** @param {string} text */
const firstLines = (text) => text.split('\n').slice(0, 6).join('\n  ').slice(0, 1000);

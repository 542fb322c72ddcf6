import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

/**
 * What a step gets: the settings, what earlier steps found out, and `log`, which goes to the step's own log file.
 * @typedef {object} StepContext
 * @property {import('./settings.mjs').Settings} settings
 * @property {import('./engine.mjs').Engine} engine
 * @property {Record<string, any>} found
 * @property {(text: string) => void} log
 */

/**
 * A step returns a few words on what it did (`already there`), or nothing.
 * @typedef {object} Step
 * @property {string} name
 * @property {string} [mend] how to mend it when it fails for a reason it does not know
 * @property {(context: StepContext) => Promise<string | void>} run
 */

/** @typedef {Omit<StepContext, 'log'>} Context */

const progressEveryMs = 4000;

/**
 * Runs the steps in order; an entry that is a list of lanes runs the lanes side by side. Each step is shown with its
 * duration, and every 4 s a line says what is still going on. Throws what the first failing step threw.
 * @param {(Step | Step[][])[]} steps
 * @param {Context} context
 */
export async function runSteps(steps, context) {
  mkdirSync(join(context.settings.home, 'logs'), { recursive: true, mode: 0o700 });
  for (const entry of steps) {
    if (!Array.isArray(entry)) await runStep(entry, context);
    else await settleAll(entry.map((lane) => runLane(lane, context)));
  }
}

/**
 * @param {Step[]} lane
 * @param {Context} context
 */
async function runLane(lane, context) {
  for (const step of lane) await runStep(step, context);
}

/**
 * Waits for every lane, so that nothing runs on in the background when one of them failed.
 * @param {Promise<void>[]} lanes
 */
async function settleAll(lanes) {
  const results = await Promise.allSettled(lanes);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * @param {Step} step
 * @param {Context} context
 */
async function runStep(step, context) {
  const file = join(context.settings.home, 'logs', `${step.name.replaceAll(/[^a-z0-9]+/gi, '-')}.log`);
  writeFileSync(file, '', { mode: 0o600 });
  const started = Date.now();
  let last = '';
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`.padStart(8);
  const progress = setInterval(
    () => console.log(`  … ${seconds()}  ${step.name}${last && `: ${last}`}`),
    progressEveryMs,
  );
  try {
    const said = await step.run({
      ...context,
      log: (text) => {
        appendFileSync(file, text.endsWith('\n') ? text : `${text}\n`);
        last = text.trim().split('\n').at(-1)?.slice(0, 100) ?? last;
      },
    });
    console.log(`  ✓ ${seconds()}  ${step.name}${said ? ` (${said})` : ''}`);
  } catch (error) {
    console.log(`  ✗ ${seconds()}  ${step.name}`);
    showFailure(step, error, file);
    throw error;
  } finally {
    clearInterval(progress);
  }
}

/**
 * @param {Step} step
 * @param {unknown} error
 * @param {string} file
 */
function showFailure(step, error, file) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).filter(Boolean);
  if (lines.length > 0) console.error(`\n${lines.map((line) => `    ${line}`).join('\n')}`);
  console.error(`\n${step.name} failed: ${error instanceof Error ? error.message : String(error)}`);
  const mend = (error instanceof Failure && error.mend) || step.mend;
  if (mend) console.error(mend);
  console.error(`The whole log: ${file}\n`);
}

import { Engine } from './engine.mjs';
import { printNext } from './print-next.mjs';
import { runSteps } from './run-steps.mjs';
import { readSettings } from './settings.mjs';
import { prepareSteps, startSteps } from './steps.mjs';

/** `npm start`: from a bare host to an app that answers. Run again it only does what is missing. */
const settings = readSettings();
const context = { settings, engine: new Engine(settings.socket), found: {} };
try {
  await runSteps([...prepareSteps, ...startSteps], context);
  printNext(settings, context.found);
} catch {
  process.exitCode = 1; // said by the step itself
}

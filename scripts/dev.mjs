import { spawn } from 'node:child_process';
import { Engine } from './up/engine.mjs';
import { printNext } from './up/print-next.mjs';
import { runSteps } from './up/run-steps.mjs';
import { readSettings, root } from './up/settings.mjs';
import { prepareSteps, startSteps } from './up/steps.mjs';

/**
 * `npm run dev`: like `npm start`, and then TypeScript compiles each change, the processes that import it start again by
 * themselves, and the dashboard is Next's development server. `npm start` puts the usual ones back.
 */
const settings = { ...readSettings(), isDev: true };
const context = { settings, engine: new Engine(settings.socket), found: {} };
try {
  await runSteps([...prepareSteps, ...startSteps], context);
  printNext(settings, context.found);
  console.log(
    'Watching: change a file, and what runs it starts again. Ctrl-C ends the watching, npm run stop the rest.\n',
  );
  spawn('npx', ['tsc', '-b', '--watch', '--preserveWatchOutput'], { cwd: root, stdio: 'inherit' }).on(
    'exit',
    (code) => {
      process.exitCode = code ?? 0;
    },
  );
} catch {
  process.exitCode = 1; // said by the step itself
}

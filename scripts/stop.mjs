import { Engine } from './up/engine.mjs';
import { readSettings } from './up/settings.mjs';
import { stopContainers } from './up/stop-containers.mjs';

/** `npm run stop`: stops processes, apps and real parts. `npm start` brings the same releases back, without a build. */
const settings = readSettings();
const engine = new Engine(settings.socket);
if (await engine.version()) {
  const count = await stopContainers(engine, settings.instance);
  console.log(
    count > 0 ? `Stopped ${count} containers of ${settings.instance}.` : `Nothing of ${settings.instance} was running.`,
  );
} else console.log('No Docker Engine answers: nothing is running.');

import { createInterface } from 'node:readline/promises';
import { Engine } from './up/engine.mjs';
import { removeSwap } from './up/offer-swap.mjs';
import { isAnythingThere, removeEverything } from './up/remove-everything.mjs';
import { readSettings } from './up/settings.mjs';
import { stopContainers } from './up/stop-containers.mjs';

/** `npm run reset`: removes this Berth with all its data, after asking (`npm run reset -- --yes` does not ask). */
async function main() {
  const settings = readSettings();
  const engine = new Engine(settings.socket);
  if (!(await engine.version())) throw new Error('No Docker Engine answers, so its data cannot be removed.');
  if (!(await isAnythingThere(settings, engine))) return console.log(`There is nothing of ${settings.instance} here.`);
  if (!process.argv.includes('--yes') && !(await isSure(settings.instance))) return console.log('Nothing was removed.');
  await stopContainers(engine, settings.instance);
  await removeSwap(settings.instance);
  const kept = await removeEverything(settings, engine);
  console.log(`${settings.instance} and all its data are gone.`);
  if (kept.length > 0)
    console.log(`The engine keeps ${kept.join(', ')} until it starts again; then: npm run reset -- --yes`);
}

/** @param {string} instance */
async function isSure(instance) {
  if (!process.stdin.isTTY) throw new Error('Not a terminal: say -- --yes to remove everything without being asked.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(
      `This removes all apps, releases, repositories and the database of ${instance}.\nType ${instance} to go on: `,
    );
    return answer.trim() === instance;
  } finally {
    terminal.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

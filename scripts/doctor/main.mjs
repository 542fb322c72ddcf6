import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../up/engine.mjs';
import { hostNamesOf, readSecrets, urlsFromHost } from '../up/make-settings.mjs';
import { readSettings } from '../up/settings.mjs';
import { reason, wrong } from './finding.mjs';
import { lookAtCompose, lookAtEngine } from './look-at-engine.mjs';
import { lookAtDisk, lookAtMemory, lookAtNames, lookAtNetwork, lookAtPorts, lookAtRoutes } from './look-at-host.mjs';
import {
  lookAtContainers,
  lookAtFirewall,
  lookAtHealth,
  lookAtInternalNames,
  lookAtStores,
  lookAtTls,
} from './look-at-parts.mjs';

/** @typedef {import('./finding.mjs').Finding} Finding */
/** @typedef {(patient: import('./finding.mjs').Patient) => Finding | Finding[] | Promise<Finding | Finding[]>} Look */

/** @type {Look[]} */
const hostLooks = [
  lookAtMemory,
  lookAtDisk,
  lookAtNetwork,
  lookAtNames,
  lookAtEngine,
  lookAtCompose,
  lookAtPorts,
  lookAtRoutes,
];
/** @type {Look[]} */
const berthLooks = [lookAtContainers, lookAtHealth, lookAtStores, lookAtFirewall, lookAtTls, lookAtInternalNames];

const signs = { well: '✓', note: '!', wrong: '✗' };

/** `npm run doctor`: what is wrong with this host and this Berth, and how to mend it. Code 1 when something is. */
async function main() {
  const patient = await openPatient();
  const looks = patient.isInstalled ? [...hostLooks, ...berthLooks] : hostLooks;
  let wrongs = 0;
  for (const look of looks) {
    for (const { state, text, mend } of await findings(look, patient)) {
      console.log(`${signs[state]} ${text}${mend ? `\n    ${mend}` : ''}`);
      if (state === 'wrong') wrongs += 1;
    }
  }
  if (!patient.isInstalled) console.log(`\nThis Berth (${patient.settings.instance}) was not started yet: npm start`);
  console.log(
    wrongs === 0 ? '\nNothing is wrong.' : `\n${wrongs === 1 ? 'One thing is' : `${wrongs} things are`} wrong.`,
  );
  if (wrongs > 0) process.exitCode = 1;
}

/**
 * @param {Look} look
 * @param {import('./finding.mjs').Patient} patient
 * @returns {Promise<Finding[]>}
 */
async function findings(look, patient) {
  try {
    return [await look(patient)].flat();
  } catch (error) {
    return [wrong(`${look.name} could not look: ${reason(error)}`)];
  }
}

/** @returns {Promise<import('./finding.mjs').Patient>} */
async function openPatient() {
  const settings = readSettings();
  const isInstalled = existsSync(join(settings.home, 'credentials.json'));
  const names = await hostNamesOf(settings).catch(() => undefined); // nothing is compiled yet
  return {
    settings,
    engine: new Engine(settings.socket),
    isInstalled,
    names,
    urls: isInstalled && names ? urlsFromHost(readSecrets(settings.home), names) : undefined,
  };
}

await main();

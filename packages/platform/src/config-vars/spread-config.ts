import { UserError } from '@berth/domain/errors';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { readConfigVars } from '../config-layers/read-config.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createConfigRelease } from '../releases/create-config-release.js';
import { findNewest } from '../releases/is-superseded.js';
import type { Spread } from './ask-spread.js';

/**
 * Makes a config release for each app that a change reaches, and none for one whose config stays the same: so a second run
 * after a crash makes no second release. An app whose references lead nowhere by now is told so in its log.
 */
export async function spreadConfig(platform: Platform, spread: Spread & { lease: Lease }): Promise<void> {
  const { teamId, environmentId } = spread;
  const inEnvironment = environmentId
    ? { environment: { OR: [{ id: environmentId }, { baseId: environmentId, destroyedAt: null }] } }
    : {};
  const apps = await platform.db.app.findMany({
    where: { ...{ teamId, destroyedAt: null, lastVersion: { gt: 0 } }, ...inEnvironment },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  for (const { id } of apps) await spreadTo(platform, id, spread);
}

function spreadTo(platform: Platform, appId: string, spread: Spread & { lease: Lease }): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, spread.lease);
    if ((await tx.app.count({ where: { id: appId, destroyedAt: null } })) === 0) return;
    const app = await lockApp(tx, appId);
    const newest = await findNewest(tx, appId);
    if (!newest?.imageId) return; // its first deploy takes the config as it is then
    try {
      const vars = await readConfigVars(platform, tx, appId);
      if (isSame(vars, JSON.parse(platform.secrets.open(newest.config)))) return;
      const { userId, description } = spread;
      await createConfigRelease(platform, tx, after, { app, userId, description, vars });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      after.lines.push({ appId, process: 'api', text: `${spread.description}: no release. ${error.message}` });
    }
  });
}

const isSame = (one: Record<string, string>, other: Record<string, string>): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([key, value]) => Object.hasOwn(other, key) && other[key] === value);

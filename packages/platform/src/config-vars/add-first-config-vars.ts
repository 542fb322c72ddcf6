import { randomBytes } from 'node:crypto';
import type { WantedConfigVar } from '@berth/domain/app-json';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { readConfigVars } from '../config-layers/read-config.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { checkVars } from './check-vars.js';

/**
 * Before an app's first release: defaults and generated secrets become config vars where nobody has set one. `from` says
 * who wants them: app.json, or a language's convention. Later deploys leave everything as it is. Makes no release: the build's own has them. Returns all config vars.
 */
export function addFirstConfigVars(
  platform: Platform,
  { appId, lease, wanted, from }: { appId: string; lease: Lease; wanted: readonly WantedConfigVar[]; from: string },
): Promise<Record<string, string>> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await lockApp(tx, appId);
    const before = await readConfigVars(platform, tx, appId);
    const isDeployed = await tx.release.findFirst({ where: { appId, imageId: { not: null }, status: 'succeeded' } });
    if (isDeployed) return before;
    const added = wanted
      .filter(({ key }) => !Object.hasOwn(before, key))
      .flatMap(({ key, value, isGenerated }): [string, string][] => {
        const given = value ?? (isGenerated ? randomBytes(32).toString('hex') : undefined); // 64 characters, as Heroku's
        return given === undefined ? [] : [[key, given]];
      });
    if (added.length === 0) return before;
    const vars = new Map([...Object.entries(before), ...added]);
    checkVars(vars);
    await tx.configVar.createMany({
      data: added.map(([key, value]) => ({ appId, key, value: platform.secrets.seal(value) })),
    });
    const keys = added.map(([key]) => key).join(', ');
    after.lines.push({ appId, process: 'api', text: `Set ${keys} config vars from ${from}` });
    return Object.fromEntries([...vars].sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

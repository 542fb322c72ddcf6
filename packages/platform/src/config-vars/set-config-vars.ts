import type { Tx } from '@berth/db/client';
import { parseConfigKey } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from '../releases/create-release.js';
import { findNewest } from '../releases/is-superseded.js';
import { readConfigVars } from '../releases/snapshot-config.js';
import { checkVars } from './check-vars.js';

/**
 * Sets (a string) and removes (null) config vars, and makes the release that has them. `version` is null when nothing
 * changed. During a deploy the release takes the deploy's image, and its push follows this release (DESIGN section 6).
 */
export function setConfigVars(
  platform: Platform,
  { actor, app: name, changes }: { actor: Actor; app: string; changes: Record<string, string | null> },
): Promise<{ vars: Record<string, string>; version: number | null }> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppToDeploy(tx, { actor, app: name, right: 'app.set-config' });
    const app = await lockApp(tx, appId);
    const before = new Map(Object.entries(await readConfigVars(platform, tx, appId)));
    const effective = Object.entries(changes).filter(
      ([key, value]) => value !== (before.get(parseConfigKey(key)) ?? null),
    );
    if (effective.length === 0) return { vars: Object.fromEntries(before), version: null };
    const vars = applyChanges(before, effective);
    await writeVars(platform, tx, appId, effective);
    const base = await findNewest(tx, appId);
    const isInFlight = base !== null && base.status !== 'succeeded';
    const release = await createRelease(tx, after, {
      appId,
      userId: actor.userId,
      reason: 'config',
      description: describe(effective),
      imageId: base?.imageId ?? null,
      config: platform.secrets.seal(JSON.stringify(vars)),
      accepted: isInFlight ? base.accepted : app.lastAccepted,
      pushId: isInFlight ? base.pushId : null,
    });
    return { vars, version: release.version };
  });
}

type Changes = readonly [key: string, value: string | null][];

/** The config vars after the changes, by key; what cannot be a process's environment is refused. */
function applyChanges(before: ReadonlyMap<string, string>, changes: Changes): Record<string, string> {
  const vars = new Map(before);
  for (const [key, value] of changes) {
    if (value === null) vars.delete(key);
    else vars.set(key, value);
  }
  checkVars(vars);
  return Object.fromEntries([...vars].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function writeVars({ secrets }: Platform, tx: Tx, appId: string, changes: Changes): Promise<void> {
  await tx.configVar.deleteMany({ where: { appId, key: { in: changes.map(([key]) => key) } } });
  await tx.configVar.createMany({
    data: changes.flatMap(([key, plain]) => (plain === null ? [] : [{ appId, key, value: secrets.seal(plain) }])),
  });
}

/** `Set A, B config vars` or `Remove A config vars`, as Heroku words it. */
function describe(changes: Changes): string {
  const named = (verb: string, keys: string[]) => (keys.length ? [`${verb} ${keys.join(', ')} config vars`] : []);
  const set = changes.flatMap(([key, value]) => (value === null ? [] : [key]));
  const removed = changes.flatMap(([key, value]) => (value === null ? [key] : []));
  const text = [...named('Set', set), ...named('Remove', removed)].join(', ');
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { attachmentVar } from '../config-layers/attached-vars.js';
import { readConfigVars } from '../config-layers/read-config.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createConfigRelease } from '../releases/create-config-release.js';
import { askSpread } from './ask-spread.js';
import { checkReferences } from './check-references.js';
import { checkVars } from './check-vars.js';
import { describeChanges } from './describe-changes.js';
import { type Changes, planChanges, type WantedChanges } from './plan-changes.js';
import { reachesOthers } from './reaches-others.js';

/**
 * Sets and removes config vars of the app's own layer, and makes the release that has them; what others refer to reaches
 * them by a job. `version` is null when nothing changed. During a deploy the release takes the deploy's image, and its push
 * follows this release (DESIGN section 6). `vars`: all that the app has now.
 */
export function setConfigVars(
  platform: Platform,
  { actor, app: name, changes: wanted }: { actor: Actor; app: string; changes: WantedChanges },
): Promise<{ vars: Record<string, string>; version: number | null }> {
  return transaction(platform, async (tx, after) => {
    const { id: appId, environmentId } = await getAppToDeploy(tx, { actor, app: name, right: 'app.set-config' });
    const app = await lockApp(tx, appId);
    const changes = planChanges(platform, await tx.configVar.findMany({ where: { appId } }), wanted);
    if (changes.length === 0) return { vars: await readConfigVars(platform, tx, appId), version: null };
    await refuseAttached(tx, appId, changes);
    await checkReferences(platform, tx, { actor, teamId: app.teamId, changes });
    await tx.configVar.deleteMany({ where: { appId, key: { in: changes.map(([key]) => key) } } });
    await tx.configVar.createMany({ data: changes.flatMap(([, row]) => (row ? [{ appId, ...row }] : [])) });
    const vars = await readConfigVars(platform, tx, appId);
    checkVars(new Map(Object.entries(vars)));
    const description = describeChanges(changes);
    const { userId } = actor;
    const release = await createConfigRelease(platform, tx, after, { app, userId, description, vars });
    if (await reachesOthers(tx, app))
      await askSpread(tx, after, {
        ...{ teamId: app.teamId, environmentId, userId },
        description: `${description} of ${app.name}`,
      });
    return { vars, version: release.version };
  });
}

/** Heroku's rule: what an add-on gives is changed by its attachment. */
async function refuseAttached(tx: Tx, appId: string, changes: Changes): Promise<void> {
  const attachments = await tx.attachment.findMany({ where: { appId }, select: { name: true } });
  const given = attachments.map(({ name }) => attachmentVar(name));
  const refused = changes.map(([key]) => key).filter((key) => given.includes(key));
  if (refused.length > 0)
    throw new UserError('invalid_params', `Cannot overwrite attachment values ${refused.join(', ')}.`);
}

import { orderBuildpacks } from '@berth/domain/buildpack-choice';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';

const countMax = 20;

/** The next build uses these buildpacks, in this order; an empty list: it detects one. Nothing is built by this. */
export async function setBuildpacks(
  platform: Platform,
  { actor, app: name, buildpacks }: { actor: Actor; app: string; buildpacks: readonly string[] },
): Promise<string[]> {
  if (buildpacks.length > countMax) throw new UserError('invalid_params', `An app has at most ${countMax} buildpacks.`);
  const texts = buildpacks.map((text) => text.trim().replace(/^urn:buildpack:/, ''));
  orderBuildpacks(texts);
  const twice = texts.find((text, at) => texts.indexOf(text) !== at);
  if (twice !== undefined) throw new UserError('invalid_params', `The buildpack ${twice} is in the list twice.`);
  return transaction(platform, async (tx) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.set-buildpacks' });
    await lockApp(tx, appId);
    await tx.app.update({ where: { id: appId }, data: { buildpacks: texts } });
    const { userId } = actor;
    await addEvent(tx, {
      name: 'app.buildpacks-set',
      noun: 'app',
      nounId: appId,
      appId,
      userId,
      data: { buildpacks: texts },
    });
    return texts;
  });
}

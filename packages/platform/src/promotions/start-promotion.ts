import type { Tx } from '@berth/db/client';
import { policyOf } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { cancelOpenPromotions } from '../promotion-moves/cancel-open-promotions.js';
import { findNewest } from '../releases/is-superseded.js';
import { beginPromotion } from './begin-promotion.js';
import { findStages, type Stages } from './find-stages.js';
import { type PromotionView, readPromotionView } from './promotion-view.js';

interface Wish {
  actor: Actor;
  /** Apps by name or id. */
  source: string;
  target: string;
  /** Id of a release of the source that was live; undefined: the current one. */
  release?: string | undefined;
  /** Over stages in which the pipeline has an app. */
  maySkip?: boolean;
}

/**
 * Asks for what runs in the source to be released in the target: at once, or when enough others have approved. Newest wins:
 * an older promotion to the target that has made no release yet ends. Asking for the very same again gives the one that waits.
 */
export function startPromotion(platform: Platform, wish: Wish): Promise<PromotionView> {
  const { actor } = wish;
  return transaction(platform, async (tx, after) => {
    const stages = await findStages(tx, wish);
    const { target, between, image } = stages;
    await getAppToDeploy(tx, { actor, app: target.id, right: 'app.promote' });
    if (between[0] && !wish.maySkip)
      throw new UserError(
        'conflict',
        `${between[0].name} comes before ${target.name}: promote to it first (--to ${between[0].name}).`,
      );
    await lockApp(tx, target.id);
    const newest = await findNewest(tx, target.id);
    if (newest?.imageId === image.id)
      throw new UserError('conflict', `${target.name} has this image already (v${newest.version}).`);
    const same = await tx.promotion.findFirst({
      where: { targetAppId: target.id, imageId: image.id, userId: actor.userId, releaseId: null, status: { in: open } },
    });
    return readPromotionView(tx, same?.id ?? (await create(tx, after, actor, stages)));
  });
}

const open: ('pending' | 'running')[] = ['pending', 'running'];

async function create(tx: Tx, after: AfterCommit, { userId }: Actor, stages: Stages): Promise<string> {
  const { source, target, release, pipelineId } = stages;
  const targetAppId = target.id;
  await cancelOpenPromotions(tx, after, { appId: targetAppId, onlyTo: true, why: 'a newer promotion was asked for' });
  const approvalsWanted = policyOf(target.environment).approvals;
  const { id } = await tx.promotion.create({
    data: {
      ...{ pipelineId, userId, targetAppId, approvalsWanted, imageId: release.imageId },
      ...{ sourceAppId: source.id, sourceName: source.name, sourceEnvironment: source.environment.name },
      sourceVersion: release.version,
    },
  });
  const data = { source: source.name, version: release.version };
  await addEvent(tx, { name: 'promotion.pending', noun: 'promotion', nounId: id, appId: targetAppId, userId, data });
  after.wake.push(`app:${targetAppId}`);
  const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  const waits =
    approvalsWanted > 0 ? `; it waits for ${approvalsWanted} approval${approvalsWanted > 1 ? 's' : ''}` : '';
  const text = `Promotion of ${source.name} v${release.version} asked for by user ${email}${waits}`;
  after.lines.push({ appId: targetAppId, process: 'api', text });
  if (approvalsWanted === 0) await beginPromotion(tx, after, { promotionId: id, userId });
  return id;
}

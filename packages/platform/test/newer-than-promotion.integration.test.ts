import { describe, expect, it } from 'vitest';
import { releaseImages } from '../src/images/release-images.js';
import { getPromotion } from '../src/promotions/get-promotion.js';
import { releasePromoted } from '../src/promotions/release-promoted.js';
import { startPromotion } from '../src/promotions/start-promotion.js';
import { listReleases } from '../src/releases/list-releases.js';
import { rollBack } from '../src/releases/roll-back.js';
import { deploy, push, worldWithPipeline } from './open-world.js';

const { here, appIn } = worldWithPipeline();

/** What may be asked for while a promotion waits for its gates. */
const newer: Record<string, (app: string) => Promise<unknown>> = {
  'a push': (app) => push(here.world.platform, here.world.owner, app, 'newer'),
  'a rollback': (app) => rollBack(here.world.platform, { actor: here.world.owner, app, version: 1 }),
  'an image': (app) =>
    releaseImages(here.world.platform, {
      ...{ actor: here.world.owner, app, keepOthers: false },
      images: [{ processType: 'web', digest: 'sha256:ready', argv: ['run'], sizeBytes: 1 }],
    }),
};

describe('a promotion that has made no release yet', () => {
  for (const [what, ask] of Object.entries(newer)) {
    it(`is ended by ${what} of its target, and releases nothing afterwards`, async () => {
      const { platform, owner: actor } = here.world;
      const [daily, qa] = [appIn('daily').id, appIn('qa').id];
      await deploy(here.world, daily, 'promoted');
      await deploy(here.world, qa, 'before');
      const { id: promotionId } = await startPromotion(platform, { actor, source: daily, target: qa });
      await ask(qa);
      const promotion = await getPromotion(platform, { actor, promotion: promotionId });
      expect(promotion).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
      await releasePromoted(platform, { promotionId, lease: await here.world.lease(`promotion:${promotionId}`) });
      const releases = await listReleases(platform, { actor, app: qa });
      expect(releases.map(({ reason }) => reason)).not.toContain('promotion');
    });
  }
});

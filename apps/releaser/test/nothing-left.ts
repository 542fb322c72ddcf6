import { run } from '@berth/daemon/spawn';
import { expect } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import type { TestApp } from './deploy.js';
import type { World } from './open-world.js';

/** One web and one clock of the last release, and nothing else of the app anywhere; and no job, lease or one-off of anybody's. */
export async function untilNothingIsLeft(world: World, app: TestApp, version: number): Promise<void> {
  const { platform, engine, instance } = world;
  await until(
    'only instances of the last release are left',
    async () => {
      const all = await engine.listInstances({ appId: app.id });
      const names = all.map((one) => `v${one.releaseVersion} ${one.processType} ${one.state}`).sort();
      return JSON.stringify(names) === JSON.stringify([`v${version} clock running`, `v${version} web running`]);
    },
    60_000,
  );
  const ofApp = { rollout: { appId: app.id } };
  await until('older rollouts are retired, their backends free', async () => {
    const live = await platform.db.rollout.count({ where: { appId: app.id, retiredAt: null } });
    return live === 1 && (await platform.db.routerBackend.count({ where: ofApp })) === 1;
  });
  await until('all jobs are done', async () => (await platform.db.outbox.count({ where: { doneAt: null } })) === 0);
  expect(await platform.db.instance.count({ where: { appId: app.id, state: { not: 'down' } } })).toBe(2);
  const releaseOfApp = { OR: [{ release: { appId: app.id } }, ofApp], endedAt: null };
  expect(await platform.db.step.count({ where: releaseOfApp })).toBe(0);
  await until('every lease is given back', async () => {
    const held = await platform.db.lease.count({ where: { expiresAt: { gt: new Date() } } });
    return held === 0;
  });
  const ofInstance = ['ps', '-aq', '--filter', `label=berth.instance=${instance}`, '--filter'];
  const oneOffs = await run(['docker', ...ofInstance, 'label=berth.kind=oneoff']);
  expect(oneOffs.stdout.toString()).toBe('');
}

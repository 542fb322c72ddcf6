import { mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogger } from '@berth/daemon/logger';
import { openRegistry } from '@berth/images/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parts } from '../src/parts.js';
import { collectGarbage } from '../src/repositories/collect-garbage.js';
import { addApp, addPerson, type Clone, makeClone, openWorld, type World } from './open-world.js';

let world: World;
let parts: Parts;
let ann: Awaited<ReturnType<typeof addPerson>>;
let clone: Clone;

beforeAll(async () => {
  world = await openWorld();
  ann = await addPerson(world, 'ann');
  clone = await makeClone(world, 'clone');
  const { config, platform } = world;
  const registry = openRegistry({ url: config.REGISTRY_URL, tokenUrl: config.REGISTRY_TOKEN_URL?.reveal() });
  parts = { config, platform, registry, logger: openLogger('test', 'warn'), stopping: new AbortController().signal };
});
afterAll(() => world?.close());

const objects = (app: { repositoryId: string }, ...path: string[]) =>
  join(world.config.BERTH_GIT_DIR, `${app.repositoryId}.git`, 'objects', ...path);

test('many packs become one and everything is still there, also a commit whose build still runs', async () => {
  const app = await addApp(world, ann, 'packed');
  const url = world.urlOf(ann.token, app.name);
  for (let at = 0; at < 32; at += 1) {
    await clone.commit(`stored ${at}`);
    await clone.must(['push', '-q', url, 'main:feature']);
  }
  const building = await clone.commit('hold');
  const pushed = clone.git(['push', url, 'main']);
  await world.deployer.hasStarted(building);
  await collectGarbage(parts);
  const packs = (await readdir(objects(app, 'pack'))).filter((name) => name.endsWith('.pack'));
  expect(packs.length).toBeLessThanOrEqual(2); // a second one holds what no ref reaches yet
  world.deployer.release();
  expect((await pushed).code).toBe(0);
  expect((await clone.git(['clone', '-q', url, 'copy'])).code).toBe(0);
  expect(await clone.must(['-C', 'copy', 'rev-parse', 'HEAD'])).toBe(building);
});

test('what a killed receive-pack left goes after a day, not before', async () => {
  const app = await addApp(world, ann, 'killed');
  await clone.must(['push', '-q', world.urlOf(ann.token, app.name), 'main:feature']);
  for (const name of ['tmp_objdir-incoming-old', 'tmp_objdir-incoming-new']) await mkdir(objects(app, name));
  const twoDaysAgo = new Date(Date.now() - 48 * 3600_000);
  await utimes(objects(app, 'tmp_objdir-incoming-old'), twoDaysAgo, twoDaysAgo);
  await collectGarbage(parts);
  const left = (await readdir(objects(app))).filter((name) => name.startsWith('tmp_objdir'));
  expect(left).toEqual(['tmp_objdir-incoming-new']);
});

test('the repository of an app that is gone goes, those of others stay', async () => {
  const [gone, kept] = [await addApp(world, ann, 'gone'), await addApp(world, ann, 'kept')];
  for (const { name } of [gone, kept]) await clone.must(['push', '-q', world.urlOf(ann.token, name), 'main:feature']);
  await world.platform.db.app.delete({ where: { id: gone.id } });
  await world.platform.db.repository.delete({ where: { id: gone.repositoryId } });
  await collectGarbage(parts);
  const names = await readdir(world.config.BERTH_GIT_DIR);
  expect(names).toContain(`${kept.repositoryId}.git`);
  expect(names).not.toContain(`${gone.repositoryId}.git`);
});

test('the refs of an app that is gone go from a repository that another one has', async () => {
  const kept = await addApp(world, ann, 'shared');
  const gone = await addApp(world, ann, 'shared-gone', kept.repositoryId);
  for (const { name } of [gone, kept]) await clone.must(['push', '-q', world.urlOf(ann.token, name), 'main:feature']);
  await world.platform.db.app.delete({ where: { id: gone.id } });
  await collectGarbage(parts);
  const dir = join(world.config.BERTH_GIT_DIR, `${kept.repositoryId}.git`);
  const refs = await clone.must(['--git-dir', dir, 'for-each-ref', '--format=%(refname)']);
  expect(refs).toBe(`refs/namespaces/${kept.id}/refs/heads/feature`);
});

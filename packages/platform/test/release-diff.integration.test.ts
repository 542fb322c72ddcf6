import { expect, it } from 'vitest';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { getReleaseOrigin } from '../src/images/get-release-origin.js';
import { diffRelease } from '../src/releases/diff-release.js';
import { rollBack } from '../src/releases/roll-back.js';
import { build, deploy, push, release, sha, worldWithApp } from './open-world.js';

const here = worldWithApp();
const diff = (version: number | string, actor = here.world.owner) =>
  diffRelease(here.world.platform, { actor, app: here.app.name, version });
const set = (changes: Record<string, string | null>) =>
  setConfigVars(here.world.platform, { ...here.who, changes }).then(() =>
    here.world.platform.db.release.findFirstOrThrow({ where: { appId: here.app.id }, orderBy: { version: 'desc' } }),
  );

it('says which commits, processes and config vars a release changed, without a value', async () => {
  await deploy(here.world, here.app.id, 'one');
  expect(await diff(1)).toMatchObject({ before: null, commits: [{ commit: sha('one') }] });
  await deploy(here.world, here.app.id, 'two', ['web', 'worker']);
  expect(await diff('v2')).toEqual({
    ...{ before: { version: 1 }, isOlder: false, config: [] },
    commits: [{ commit: sha('two'), message: 'two', createdAt: expect.any(Date) }],
    processes: [{ name: 'worker', from: null, to: 'run worker' }],
  });
  await release(here.world, (await set({ KEPT: 'once', GONE: 'a secret' })).id);
  await release(here.world, (await set({ KEPT: 'twice', GONE: null })).id);
  const changes = await diff('current');
  expect(changes).toMatchObject({ before: { version: 3 }, commits: [], processes: [] });
  expect(changes.config).toEqual([
    { key: 'GONE', kind: 'removed' },
    { key: 'KEPT', kind: 'changed' },
  ]);
});

it('compares with what ran before: a failed release between the two is none, and a rollback goes back', async () => {
  await deploy(here.world, here.app.id, 'one');
  const { buildId } = await push(here.world.platform, here.world.owner, here.app.id, 'two');
  await build(here.world, buildId ?? '', 'two');
  await here.world.platform.db.release.updateMany({
    where: { appId: here.app.id, version: 2 },
    data: { status: 'failed' },
  });
  await deploy(here.world, here.app.id, 'three');
  expect(await diff(3)).toMatchObject({
    before: { version: 1 },
    commits: [{ commit: sha('three') }, { commit: sha('two') }],
  });
  await rollBack(here.world.platform, { ...here.who, version: 1 });
  expect(await diff(4)).toMatchObject({ before: { version: 3 }, isOlder: true, commits: [] });
});

it('lists each commit of a push, where the histories of both are known', async () => {
  const line = (name: string, at: number) => `${sha(name)} ${at} ${name}`;
  const tell = (name: string, ...history: string[]) =>
    here.world.platform.db.source.updateMany({
      where: { commit: sha(name), push: { appId: here.app.id } },
      data: { history: history.join('\n') },
    });
  await deploy(here.world, here.app.id, 'one');
  await tell('one', line('one', 1), line('zero', 0));
  await deploy(here.world, here.app.id, 'four');
  await tell('four', line('four', 4), line('three', 3), line('two', 2), line('one', 1), line('zero', 0));
  expect(await diff(2)).toMatchObject({
    commits: ['four', 'three', 'two'].map((message) => ({ commit: sha(message), message })),
  });
  expect((await diff(1)).commits.map(({ message }) => message)).toEqual(['one', 'zero']);
  await tell('one'); // from before there were histories
  expect((await diff(2)).commits.map(({ message }) => message)).toEqual(['four']);
});

it('tells who sees the app where its image comes from, and nobody else', async () => {
  await deploy(here.world, here.app.id, 'one');
  const [viewer, stranger] = [await here.world.addUser('viewer'), await here.world.addUser(null)];
  const of = { app: here.app.name, version: 1 };
  expect(await getReleaseOrigin(here.world.platform, { actor: viewer, ...of })).toMatchObject({
    ...{ digest: 'sha256:image-one', commit: sha('one') },
    labels: { runtime: 'node-22' },
  });
  expect(await diff(1, viewer)).toMatchObject({ before: null });
  for (const ask of [getReleaseOrigin, diffRelease])
    await expect(ask(here.world.platform, { actor: stranger, ...of })).rejects.toMatchObject({ code: 'not_found' });
  await here.world.platform.db.image.updateMany({
    where: { digest: 'sha256:image-one' },
    data: { collectedAt: new Date() },
  });
  expect(await getReleaseOrigin(here.world.platform, { actor: viewer, ...of })).toBeUndefined();
});

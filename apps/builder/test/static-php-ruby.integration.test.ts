import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImage } from '@berth/images/read-image';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { buildOf, expectAnswer } from './expect-answer.js';
import {
  archiveOf,
  ended,
  examples,
  type Files,
  newApp,
  openWorld,
  push,
  readExpect,
  type World,
} from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

const pushed = (example: string, changes?: Files) => buildOf(world, example, changes, 240_000);

describe('static files, PHP and Ruby', { timeout: 300_000 }, () => {
  it.each(['static-html', 'php-plain', 'php-composer', 'ruby-rack'])(
    '%s runs and answers, and the same source has the same digest',
    async (example) => {
      const first = await pushed(example);
      await expectAnswer(world, example, first);
      await world.platform.db.cachedLayer.deleteMany(); // dependencies too are made anew
      const second = await pushed(example);
      expect(second.build.image?.digest, second.build.output?.text).toBe(first.build.image!.digest);
    },
  );

  it('a front-end has neither Node.js nor its packages in its image, only the folder that was built', async () => {
    const [first, second] = [await pushed('static-vite'), await pushed('static-vite')];
    await expectAnswer(world, 'static-vite', first);
    expect(second.build.image?.digest).toBe(first.build.image!.digest);
    expect(second.build.output?.text).toContain('Dependencies: unchanged');
    expect(first.build.output?.text).toContain('dist/ is served by nginx');
    expect(first.build.image!.labels).toMatchObject({ runtimeName: 'static', buildpack: 'static' });
    const image = await readImage(world.registry, first.repository, first.build.image!.digest);
    expect(image?.config.labels['berth.layers']).toBe('stack runtime runtime code');
    expect(image?.layers.at(-1)?.sizeBytes).toBeLessThan(20_000);
  });

  it('a front-end whose build leaves nothing where it should says so', async () => {
    const { build } = await pushed('static-vite', { Procfile: 'web: berth-static elsewhere\n' });
    expect(build.errorMessage).toContain('The build left no files in elsewhere/');
  });

  it('the assets of a PHP app are made by Node.js, which is not in its image', async () => {
    const script = `mkdir -p public && node -p '"made by " + process.version' > public/asset.txt`;
    const manifest = JSON.stringify({ scripts: { build: script }, engines: { node: '22' } });
    const { app, build, repository } = await pushed('php-plain', { 'package.json': manifest });
    expect(build, build.output?.text).toMatchObject({ status: 'succeeded', appId: app.id });
    const image = await readImage(world.registry, repository, build.image!.digest);
    expect(image?.config.labels['berth.layers']).toBe('stack runtime runtime propagation code');
    const wanted = { repository, digest: build.image!.digest, command: 'heroku-php-nginx', path: '/public/asset.txt' };
    expect(await answerOf(world, wanted)).toContain('made by v22.');
  });

  it('the gems of a Ruby app are installed once for all its commits', async () => {
    const app = await newApp(world);
    const first = await ended(world, await push(world, app, await archiveOf('ruby-rack')));
    const changed = { 'config.ru': 'run ->(_env) { [200, {}, ["changed"]] }\n' };
    const second = await ended(world, await push(world, app, await archiveOf('ruby-rack', changed)));
    expect(first.status, first.output?.text).toBe('succeeded');
    expect(second.output?.text).toContain('Dependencies: unchanged');
    expect(second.output?.text).not.toContain('bundle install');
  });

  it('an app with Rails gets the secret that signs its cookies once, before its first release', async () => {
    const lock = await readFile(join(examples, 'ruby-rack/Gemfile.lock'), 'utf8');
    const withRails = { 'Gemfile.lock': lock.replace('    webrick (1', '    railties (8.0.0)\n    webrick (1') };
    const { app, build } = await pushed('ruby-rack', withRails);
    const vars = () => world.platform.db.configVar.findMany({ where: { appId: app.id } });
    const before = await vars();
    expect(
      before.map(({ key }) => key),
      build.output?.text,
    ).toEqual(['SECRET_KEY_BASE']);
    await ended(world, await push(world, app, await archiveOf('ruby-rack', { ...withRails, 'a.txt': 'next' })));
    expect(await vars()).toEqual(before);
  });

  it.each(['php-missing-extension', 'ruby-wrong-version'])('refuses %s with one plain sentence', async (example) => {
    const { build } = await pushed(example);
    const { message } = await readExpect(example);
    expect(build.errorMessage).toContain(message);
    expect(build.output?.text).toContain(` !     ${build.errorMessage}`);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { buildOf, expectAnswer } from './expect-answer.js';
import { archiveOf, ended, examples, newApp, openWorld, push, readExpect, type World } from './open-world.js';

const good = [
  ...['node-web', 'node-worker', 'node-pnpm', 'node-yarn', 'node-bun', 'node-build'],
  ...['node-workspaces', 'node-turborepo', 'node-native'],
  ...['buildpack-classic', 'buildpack-mixed'],
];
const bad = ['node-bad-lockfile', 'node-build-fails', 'procfile-bad', 'berth-yaml-unknown-key', 'no-buildpack'];

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

describe('a build', { timeout: 240_000 }, () => {
  it.each(good)('makes an image of %s that runs and answers', async (example) => {
    const built = await buildOf(world, example);
    await expectAnswer(world, example, built);
    expect(built.build.output?.text).not.toContain('npm warn'); // of settings of ours
  });

  it.each([
    ['npm', 'node-bad-lockfile', {}, 'npm install'],
    ['pnpm', 'node-pnpm', {}, 'pnpm install'],
    ['yarn 1', 'node-yarn', {}, 'yarn install'],
    ['yarn 2', 'node-yarn', { 'yarn.lock': '__metadata:\n  version: 8\n  cacheKey: 10c0\n' }, 'yarn install'],
  ])(
    'installs once with %s when the lockfile does not fit: the whole source would change nothing',
    async (_, name, files, command) => {
      const { scripts, ...manifest } = JSON.parse(await readFile(join(examples, name, 'package.json'), 'utf8'));
      const dependencies = { ...manifest.dependencies, ms: '2.1.2' };
      // With a build script yarn 2 installs all; the production tree alone it makes with any lockfile.
      const changed = { ...manifest, dependencies, scripts: { ...scripts, build: 'true' } };
      const archive = await archiveOf(name, { ...files, 'package.json': JSON.stringify(changed) });
      const build = await ended(world, await push(world, await newApp(world), archive));
      expect(build.errorMessage).toContain(`The lockfile does not fit package.json: run "${command}"`);
      expect(build.output?.text.match(/-----> Installing dependencies/g)).toHaveLength(1);
    },
  );

  it('makes an image with yarn 2 and later, as node_modules', async () => {
    const app = await newApp(world);
    const manifest = JSON.parse(await readFile(join(examples, 'node-yarn/package.json'), 'utf8'));
    const changes = {
      'package.json': JSON.stringify({ ...manifest, packageManager: 'yarn@4.10.3' }),
      'yarn.lock': undefined,
    };
    const build = await ended(world, await push(world, app, await archiveOf('node-yarn', changes)));
    expect(build.status, build.output?.text).toBe('succeeded');
    const [web] = build.image!.processTypes as { command: string }[];
    const answer = await answerOf(world, {
      repository: `app/${app.repositoryId}`,
      digest: build.image!.digest,
      command: web!.command,
    });
    expect(answer).toContain('"day":86400000,"hasDevDependency":false');
  });

  it.each(bad)('refuses %s with one plain sentence', async (example) => {
    const build = await ended(world, await push(world, await newApp(world), await archiveOf(example)));
    const expected = await readExpect(example);
    expect(build.status).toBe('failed');
    expect(build.errorMessage).toContain(expected.message);
    expect(build.output?.text).toContain(` !     ${build.errorMessage}`);
  });
});

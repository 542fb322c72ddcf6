import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, newApp, openWorld, push, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

/** Builds an example with other files, and asks its web process with these config vars. */
async function built(example: string, changes: Record<string, string>) {
  const app = await newApp(world);
  const build = await ended(world, await push(world, app, await archiveOf(example, changes)));
  expect(build.status, build.output?.text).toBe('succeeded');
  const { digest } = build.image!;
  const web = (build.image!.processTypes as { name: string; command: string }[]).find(({ name }) => name === 'web')!;
  return (env: Record<string, string> = {}) =>
    answerOf(world, { repository: `app/${app.repositoryId}`, digest, command: web.command, env });
}

describe('an image carries the mark of its environment', { timeout: 240_000 }, () => {
  it('in Node.js, beside the NODE_OPTIONS of the app, and not when it is switched off', async () => {
    const answer = await built('node-web', {
      'server.js': `
        const answer = {
          isThere: globalThis[Symbol.for('berth.propagate')] !== undefined,
          options: process.env.NODE_OPTIONS,
        };
        require('node:http')
          .createServer((request, response) => response.end(JSON.stringify(answer)))
          .listen(process.env.PORT);
      `,
      'package.json': JSON.stringify({ name: 'web', version: '1.0.0', scripts: { start: 'node server.js' } }),
      'package-lock.json': JSON.stringify({ name: 'web', version: '1.0.0', lockfileVersion: 3, packages: {} }),
      Procfile: 'web: node server.js\n',
    });
    const preload = '--require=/opt/berth/propagation/node/propagate.cjs';
    expect(JSON.parse(await answer())).toMatchObject({ isThere: true, options: preload });
    expect(JSON.parse(await answer({ NODE_OPTIONS: '--max-old-space-size=99' }))).toMatchObject({
      isThere: true,
      options: `${preload} --max-old-space-size=99`,
    });
    const off = { BERTH_PROPAGATE: '0', NODE_OPTIONS: '--no-warnings' };
    expect(JSON.parse(await answer(off))).toMatchObject({ isThere: false, options: '--no-warnings' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, ended, newApp, openWorld, push, type World } from './open-world.js';
import { serveEngine, startBuilder } from './start-builder.js';

let world: World;
let socket: Awaited<ReturnType<typeof serveEngine>>;
beforeAll(async () => {
  world = await openWorld({}, { withWorker: false });
  socket = await serveEngine(world);
});
afterAll(async () => {
  await socket?.stop();
  await world?.close();
});

describe('a builder that is killed with SIGKILL', { timeout: 240_000 }, () => {
  it.each(['fetch source', 'dependencies', 'build script', 'image'])('in the step "%s" loses nothing', async (step) => {
    const app = await newApp(world);
    const archive = await archiveOf('node-pnpm', {
      'package.json': JSON.stringify({
        name: step.replace(' ', '-'),
        scripts: { build: 'node build.js', start: 'node server.js' },
        dependencies: { ms: '2.1.3', send: '0.19.0' },
        devDependencies: { semver: '7.6.3' },
      }),
      'build.js': `setTimeout(() => require('node:fs').writeFileSync('built', '${step}'), 300)`,
    });
    const first = await startBuilder(world);
    const buildId = await push(world, app, archive);
    const isThere = () => world.platform.db.step.findFirst({ where: { buildId, name: step } });
    while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 2));
    await first.kill();
    const second = await startBuilder(world);
    try {
      const build = await ended(world, buildId);
      expect(build.status, build.output?.text).toBe('succeeded');
      expect(build.output?.text.match(/-----> Building/g)).toHaveLength(1);
      expect(build.steps.filter(({ endedAt }) => endedAt === null)).toEqual([]);
      await expect.poll(() => world.dockerEngine.listJails()).toEqual([]);
    } finally {
      await second.stop();
    }
  });
});

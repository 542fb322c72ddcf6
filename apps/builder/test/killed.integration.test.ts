import { join } from 'node:path';
import { Secret } from '@berth/domain/secret';
import { serveBuildEngine } from '@berth/engine/serve-engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, startProcess } from '../../releaser/test/processes.js';
import { archiveOf, ended, newApp, openWorld, push, type World } from './open-world.js';

let world: World;
let socket: Awaited<ReturnType<typeof serveBuildEngine>>;
beforeAll(async () => {
  world = await openWorld({}, { withWorker: false });
  socket = await serveBuildEngine(join(world.directory, 'engine.sock'), world.dockerEngine, () => {});
});
afterAll(async () => {
  await socket?.stop();
  await world?.close();
});

/** The builder as a process of its own. */
async function startBuilder() {
  const env = Object.fromEntries(
    Object.entries(world.config).map(([name, value]) => [
      name,
      value instanceof Secret ? value.reveal() : String(value),
    ]),
  );
  return startProcess('builder', {
    ...env,
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
    ENGINE_SOCKET: join(world.directory, 'engine.sock'),
    BERTH_LEASE_TTL_MS: '2000',
    HEALTH_PORT: String(await freePort()),
  });
}

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
    const first = await startBuilder();
    const buildId = await push(world, app, archive);
    const isThere = () => world.platform.db.step.findFirst({ where: { buildId, name: step } });
    while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 2));
    await first.kill();
    const second = await startBuilder();
    try {
      const build = await ended(world, buildId);
      expect(build.status, build.output?.text).toBe('succeeded');
      expect(build.output?.text.match(/-----> Building/g)).toHaveLength(1);
      expect(build.steps.filter(({ endedAt }) => endedAt === null)).toEqual([]);
      await expect.poll(() => world.dockerEngine.listJails(), { timeout: 10_000 }).toEqual([]);
    } finally {
      await second.stop();
    }
  });
});

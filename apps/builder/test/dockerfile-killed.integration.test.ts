import { run } from '@berth/daemon/spawn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, ended, newApp, openWorld, push, type World } from './open-world.js';
import { serveEngine, startBuilder } from './start-builder.js';
import { startMirror } from './start-mirror.js';

let world: World;
let mirror: Awaited<ReturnType<typeof startMirror>>;
let socket: Awaited<ReturnType<typeof serveEngine>>;
beforeAll(async () => {
  world = await openWorld({}, { withWorker: false });
  mirror = await startMirror(world);
  socket = await serveEngine(world);
});
afterAll(async () => {
  await socket?.stop();
  await mirror?.stop();
  await world?.close();
});

/** Processes of a RUN, whatever container they are in. */
async function isRunning(marker: string): Promise<boolean> {
  return (await run(['pgrep', '--full', marker], { check: false })).code === 0;
}

/** BuildKit may have to be compiled. */
const patience = 1_500_000;

describe('a builder that is killed with SIGKILL while a Dockerfile is built', { timeout: patience }, () => {
  it('leaves nothing of that try, and the next comes to the end', async () => {
    const marker = `berth-run-${world.instance}`;
    const lines = ['FROM debian:13', `RUN bash -c 'exec -a ${marker} sleep 4'`, 'CMD ["true"]'];
    const archive = await archiveOf(undefined, { Dockerfile: lines.join('\n'), 'berth.yaml': 'build: dockerfile' });
    const first = await startBuilder(world);
    const buildId = await push(world, await newApp(world), archive);
    await expect.poll(() => isRunning(marker), { timeout: patience }).toBe(true);
    const before = await world.dockerEngine.listJails();
    await first.kill();
    const second = await startBuilder(world);
    try {
      const build = await ended(world, buildId, patience);
      expect(build.status, build.output?.text).toBe('succeeded');
      expect(build.output?.text.match(/-----> Building by Dockerfile/g)).toHaveLength(1);
      expect(build.steps.filter(({ endedAt }) => endedAt === null)).toEqual([]);
      await expect.poll(() => world.dockerEngine.listJails()).toEqual([]);
      expect(before).toHaveLength(1);
      expect(await isRunning(marker)).toBe(false);
    } finally {
      await second.stop();
    }
  });
});

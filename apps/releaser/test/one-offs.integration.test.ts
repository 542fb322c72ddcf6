import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { run } from '@berth/daemon/spawn';
import { readLines } from '@berth/logs/log-stream';
import { destroyApp } from '@berth/platform/apps/destroy-app';
import { listOneOffs } from '@berth/platform/one-offs/list-one-offs';
import { startOneOff, type WantedOneOff } from '@berth/platform/one-offs/start-one-off';
import { stopOneOffs } from '@berth/platform/one-offs/stop-one-offs';
import { createToken } from '@berth/platform/tokens/create-token';
import { revokeToken } from '@berth/platform/tokens/revoke-token';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
let app: TestApp;
beforeAll(async () => {
  world = await openWorld();
  app = await deployed();
}, 180_000);
afterAll(() => world?.close(), 120_000);

const files = {
  'server.js': `require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT);`,
};

async function deployed(): Promise<TestApp> {
  const { platform } = world;
  const made = await addApp(world);
  const image = await addImage(platform, made, { files, processes: { web: 'node server.js' } });
  const release = await untilOver(platform, await addRelease(platform, made, image, { GREETING: 'hello' }));
  expect(release).toMatchObject({ status: 'succeeded', errorMessage: null });
  return made;
}

const who = (of = app) => ({ actor: { userId: of.userId }, app: of.id });
const ask = (command: string, more: Partial<WantedOneOff> = {}) =>
  startOneOff(world.platform, {
    ...{ ...who(), command, env: {}, isAttached: false, hasTerminal: false, timeLimit: 60 },
    ...more,
  });
const ended = (oneOffId: string) =>
  until('it has ended', async () => {
    const row = await world.platform.db.oneOff.findUniqueOrThrow({ where: { id: oneOffId } });
    return row.endedAt ? row : undefined;
  });
const isRunning = (oneOffId: string) =>
  until('it runs', async () => {
    const row = await world.platform.db.oneOff.findUniqueOrThrow({ where: { id: oneOffId } });
    return row.status === 'running';
  });
const containers = async () => {
  const filters = [`label=berth.instance=${world.instance}`, 'label=berth.kind=oneoff'];
  const argv = ['docker', 'ps', '-aq', ...filters.flatMap((filter) => ['--filter', filter])];
  return (await run(argv as [string, ...string[]])).stdout.toString().split('\n').filter(Boolean);
};
const noContainer = () => until('no container is left', async () => (await containers()).length === 0);
const oneContainer = () => until('its container is there', async () => (await containers()).length === 1);
const lines = async (of = app) => {
  const { platform } = world;
  const all = await readLines(platform.redis, platform.instance, of.id, { count: 500 });
  return all.map(({ source, process, text }) => `${source}[${process}]: ${text}`);
};

/** The other end of `heroku run`, behind the router: what was said so far, and the end. */
function attach(secret: string | undefined) {
  const socket: Socket = connect(world.runPort, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(`${secret}\r\n`);
  return {
    socket,
    says: (text: string) =>
      until(`says ${text}`, () => heard.includes(text)).catch((error) => {
        throw new Error(`${error.message}\nheard: ${heard}`);
      }),
    /** All but the greeting. */
    end: async () => {
      await closed;
      return heard.replace(/^rendezvous\r\n/, '');
    },
  };
}

describe('a detached command', () => {
  it('runs in the live release; its output is in the log and nothing is left', async () => {
    const command = `echo "\${#GREETING} \${#EXTRA} $DYNO"; echo "$EXTRA"; exit 4`;
    const { oneOff } = await ask(command, { env: { EXTRA: 'and more' } });
    expect(await ended(oneOff.id)).toMatchObject({
      ...{ status: 'failed', exitCode: 4, message: 'The command exited with code 4.', version: 1 },
    });
    expect(await lines()).toContain(`app[${oneOff.name}]: 5 8 ${oneOff.name}`);
    expect((await lines()).join()).not.toContain('and more');
    expect(await lines()).toContain(`berth[${oneOff.name}]: Process exited with status 4`);
    await noContainer();
  });

  it('is ended by its time limit, and by a stop', async () => {
    const late = (await ask('sleep 50', { timeLimit: 1 })).oneOff;
    expect(await ended(late.id)).toMatchObject({ message: 'The command took longer than 1 s and was stopped.' });
    const stopped = (await ask('sleep 50')).oneOff;
    await isRunning(stopped.id);
    await oneContainer();
    await stopOneOffs(world.platform, { ...who(), processType: 'run' });
    expect(await ended(stopped.id)).toMatchObject({ status: 'cancelled', message: 'It was stopped by a user.' });
    await noContainer();
  });

  it('of a killed releaser is ended, said to be cut off, and not run again', async () => {
    const { oneOff } = await ask('echo begun; sleep 50');
    await until('it printed', async () => (await lines()).includes(`app[${oneOff.name}]: begun`));
    await world.releaser.kill();
    world.releaser.restart();
    expect(await ended(oneOff.id)).toMatchObject({
      ...{ status: 'failed', message: 'It was cut off: Berth was restarted while it ran.' },
    });
    await noContainer();
    expect((await lines()).filter((line) => line === `app[${oneOff.name}]: begun`)).toHaveLength(1);
  });

  it('goes with its app', async () => {
    const other = await deployed();
    const { oneOff } = await ask('sleep 50', who(other));
    await isRunning(oneOff.id);
    await oneContainer();
    await destroyApp(world.platform, who(other));
    await noContainer();
  });
});

describe('an attached command', () => {
  it('has who asked for it as its input and output, and ends with its input', async () => {
    const { oneOff, secret } = await ask('cat; echo "to stderr $GREETING" >&2; exit 3', { isAttached: true });
    const visitor = attach(secret);
    await visitor.says('rendezvous\r\n');
    visitor.socket.write('line 1\nline 2\n');
    await visitor.says('line 2');
    visitor.socket.write('\u0004');
    expect(await visitor.end()).toBe('line 1\nline 2\nto stderr hello\n');
    expect(await ended(oneOff.id)).toMatchObject({ status: 'failed', exitCode: 3 });
    await noContainer();
  });

  it('has a terminal, of the size that was said', async () => {
    const env = { TERM: 'xterm', COLUMNS: '123', LINES: '45' };
    const { secret } = await ask('test -t 0 && stty size', { isAttached: true, hasTerminal: true, env });
    expect(await attach(secret).end()).toContain('45 123');
  });

  it('carries much at once, both ways', async () => {
    const { secret } = await ask('wc -c; head -c 5000000 /dev/zero | tr "\\\\0" x', { isAttached: true });
    const visitor = attach(secret);
    await visitor.says('rendezvous\r\n');
    visitor.socket.write('y'.repeat(3_000_000));
    visitor.socket.write('\u0004');
    const heard = await visitor.end();
    expect(heard).toMatch(/^\s*3000000\s/);
    expect(heard.length).toBeGreaterThan(5_000_000);
  });

  it('is ended, with its container, when who asked for it goes away', async () => {
    const { oneOff, secret } = await ask('echo here; sleep 50', { isAttached: true });
    const visitor = attach(secret);
    await visitor.says('here');
    visitor.socket.end();
    expect(await ended(oneOff.id)).toMatchObject({ status: 'cancelled', message: 'Who ran it went away.' });
    await noContainer();
  });

  it('is ended by a stop, by its time limit and by a killed releaser, and leaves nothing', async () => {
    const begin = async (more: Partial<WantedOneOff> = {}) => {
      const { oneOff, secret } = await ask('echo here; sleep 50', { isAttached: true, ...more });
      const visitor = attach(secret);
      await visitor.says('here');
      return { oneOff, visitor };
    };
    const stopped = await begin();
    await stopOneOffs(world.platform, { ...who(), processType: 'run' });
    expect(await stopped.visitor.end()).toContain('It was stopped by a user.');
    expect(await ended(stopped.oneOff.id)).toMatchObject({ status: 'cancelled' });
    await noContainer();
    const late = await begin({ timeLimit: 2 });
    expect(await late.visitor.end()).toContain('took longer than 2 s');
    await noContainer();
    const killed = await begin();
    await world.releaser.kill();
    await killed.visitor.end();
    world.releaser.restart();
    expect(await ended(killed.oneOff.id)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('cut off'),
    });
    await noContainer();
  });

  it('is ended when who asked for it may not run commands any more, and says so', async () => {
    const { db } = world.platform;
    const user = await db.user.create({ data: { name: 'guest', email: `${randomUUID()}@example.org` } });
    const { teamId } = await db.app.findUniqueOrThrow({ where: { id: app.id } });
    await db.membership.create({ data: { teamId, userId: user.id, role: 'member' } });
    const actor = { userId: user.id };
    const { oneOff, secret } = await ask('echo here; sleep 50', { actor, isAttached: true });
    const visitor = attach(secret);
    await visitor.says('here');
    await db.membership.deleteMany({ where: actor });
    const sentence = 'It was stopped, since who ran it may not do so any more.';
    expect(await visitor.end()).toContain(sentence);
    expect(await ended(oneOff.id)).toMatchObject({ status: 'cancelled', message: expect.stringContaining(sentence) });
    await noContainer();
  });

  it('is ended when the API token that asked for it is revoked, and says so', async () => {
    const actor = { userId: app.userId };
    const { id: tokenId } = await createToken(world.platform, { actor, description: 'run' });
    const begun = { actor: { ...actor, tokenId }, isAttached: true };
    const { oneOff, secret } = await ask('echo here; sleep 50', begun);
    const visitor = attach(secret);
    await visitor.says('here');
    await revokeToken(world.platform, { actor, id: tokenId });
    const sentence = 'The API token that you signed in with was revoked, or has run out.';
    expect(await visitor.end()).toContain(sentence);
    expect(await ended(oneOff.id)).toMatchObject({ status: 'cancelled', message: expect.stringContaining(sentence) });
    await noContainer();
  });

  it('is ended, and leaves nothing, when the host process is killed', async () => {
    const { oneOff, secret } = await ask('echo here; sleep 50', { isAttached: true });
    const visitor = attach(secret);
    await visitor.says('here');
    await world.host.kill();
    await visitor.end();
    world.host.restart();
    expect(await ended(oneOff.id)).toMatchObject({ status: 'failed' });
    await noContainer();
  });

  it('opens for its secret only, once', async () => {
    expect(await attach('berth-run-nonsense').end()).toBe('');
    expect(await attach('x'.repeat(1_000)).end()).toBe('');
    const { oneOff, secret } = await ask('echo here; sleep 50', { isAttached: true });
    const first = attach(secret);
    await first.says('here');
    expect(await attach(secret).end()).toBe('');
    expect(await listOneOffs(world.platform, who())).toMatchObject([{ id: oneOff.id }]);
    first.socket.destroy();
    await ended(oneOff.id);
  });
});

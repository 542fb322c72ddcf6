import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import type { ShellRequest } from '@berth/domain/shell-port';
import type { KeyActor } from '@berth/platform/auth/require-credential';
import { moveDebug } from '@berth/platform/debug/move-debug';
import { transaction } from '@berth/platform/platform';
import { askShell } from '@berth/platform/shells/ask-shell';
import { removeSshKey } from '@berth/platform/ssh-keys/remove-ssh-key';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, server, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
let app: TestApp;
beforeAll(async () => {
  world = await openWorld();
  app = await addApp(world);
  await world.platform.db.formation.create({ data: { appId: app.id, processType: 'web', quantity: 1 } });
  expect((await release('node server.js')).status).toBe('succeeded');
}, 120_000);
afterAll(() => world?.close(), 120_000);

const crash = `require('node:fs').writeFileSync('/tmp/state', 'half done'); console.log('before'); process.exit(9);`;

async function release(web: string) {
  const files = { 'server.js': server, 'crash.js': crash };
  const imageId = await addImage(world.platform, app, { files, processes: { web } });
  return untilOver(world.platform, await addRelease(world.platform, app, imageId));
}

const debug = (until: Date | null) =>
  transaction(world.platform, (tx, after) => moveDebug(tx, after, { appId: app.id, until, userId: app.userId }));

const web = async () =>
  (await world.engine.listInstances({ appId: app.id })).filter((one) => one.processType === 'web');

/** A command beside web.1, as apps/git asks for it. */
async function openShell(command: string, actor: KeyActor, more: Partial<ShellRequest> = {}) {
  const { ticket } = await askShell(world.platform, { actor, app: app.name });
  const session = connect(`http://127.0.0.1:${world.shellPort}`);
  const wanted = JSON.stringify({ command, tty: false, env: {}, columns: 0, lines: 0, ...more });
  const asked = { ':method': 'POST', ':path': '/shell', authorization: ticket, 'berth-shell': wanted };
  return { session, stream: session.request(asked) };
}

const addKey = async (userId: string) => {
  const key = { userId, fingerprint: randomUUID(), publicKey: 'x', comment: '' };
  const { id: sshKeyId } = await world.platform.db.sshKey.create({ data: key });
  return { userId, sshKeyId };
};

/** What a command prints, and its exit code. */
async function shell(command: string, more: Partial<ShellRequest> = {}): Promise<{ stdout: string; exitCode: number }> {
  const { session, stream } = await openShell(command, await addKey(app.userId), more);
  try {
    stream.end();
    const stdout = await text(stream);
    const { exitCode } = JSON.parse(await text(session.request({ ':path': '/exit' })));
    return { stdout, exitCode };
  } finally {
    session.destroy();
  }
}

const untilHeld = () =>
  until('it is held', async () => {
    const row = await world.platform.db.instance.findFirst({ where: { appId: app.id, state: 'crashed' } });
    const [one] = await web();
    return row && one?.state === 'running' && one.isHeld && row.containerId === one.containerId ? one : undefined;
  });

it('a crashing release takes over while debug is on: its container is held, and a shell sees what it left', async () => {
  await debug(new Date(Date.now() + 3_600_000));
  const { status, id } = await release('node crash.js');
  expect(status).toBe('succeeded');
  const held = await untilHeld();
  expect(held.releaseVersion).toBe((await world.platform.db.release.findUniqueOrThrow({ where: { id } })).version);
  const { text: said } = await world.platform.db.output.findUniqueOrThrow({ where: { releaseId: id } });
  expect(said).toContain('Debug is on until');
  expect(said).toContain('web.1 exited with code 9 before it was ready: before');
  expect(said).toContain('web.1 is held as it is, since debug is on.');
  expect(await shell('cat /tmp/state; exit 3')).toEqual({ stdout: 'half done', exitCode: 3 });
  expect(await shell('stty size', { tty: true, columns: 97, lines: 31 })).toEqual({ stdout: '31 97\r\n', exitCode: 0 });
}, 120_000);

it('a shell whose SSH key or role is gone is ended, with all that runs in it, and who had it is told', async () => {
  const { db } = world.platform;
  const user = await db.user.create({ data: { name: 'guest', email: `${randomUUID()}@example.org` } });
  const { teamId } = await db.app.findUniqueOrThrow({ where: { id: app.id } });
  const seat = { teamId, userId: user.id };
  await db.membership.create({ data: { ...seat, role: 'member' } });
  const leave = async (lose: (actor: KeyActor) => Promise<unknown>) => {
    const actor = await addKey(user.id);
    const { session, stream } = await openShell('echo here; sleep 4567', actor);
    try {
      await once(stream, 'data');
      const said = text(session.request({ ':path': '/exit' }));
      await lose(actor);
      return JSON.parse(await said);
    } finally {
      session.destroy();
    }
  };
  const ended = 'Your shell was ended, since you may not have it any more.';
  expect(await leave((actor) => removeSshKey(world.platform, { actor, key: actor.sshKeyId }))).toEqual({
    code: 'forbidden',
    message: `${ended} The SSH key that you signed in with was removed.`,
  });
  const lower = () => db.membership.update({ where: { teamId_userId: seat }, data: { role: 'viewer' } });
  expect((await leave(lower)).message).toContain(`${ended} Your role in team`);
  const running = `ps -eo args= | grep -c '^sleep 456[7]'`;
  await until('nothing of them is left', async () => (await shell(running)).stdout.trim() === '0', 30_000);
}, 120_000);

it('what is held stays so, whatever becomes of the releaser; killed before it has held it, it does so afterwards', async () => {
  const held = await untilHeld();
  await world.releaser.kill();
  await world.engine.stopInstance(held, 0); // as if its process had just ended
  world.releaser.restart();
  const again = await untilHeld();
  expect(again.containerId).toBe(held.containerId);
  await until('the door is open again', () =>
    shell('cat /tmp/state').then(
      ({ stdout }) => stdout === 'half done',
      () => false,
    ),
  );
}, 120_000);

it('its time over, debug is off: the app is released anew without it, and what was held is gone', async () => {
  const held = await untilHeld();
  await world.platform.db.app.update({ where: { id: app.id }, data: { debugUntil: new Date(Date.now() - 1_000) } });
  await until(
    'it is off',
    async () => (await world.platform.db.app.count({ where: { id: app.id, debugUntil: null } })) === 1,
    40_000,
  );
  await until(
    'a crash is a crash again',
    async () => (await web()).every((one) => one.containerId !== held.containerId && !one.isHeld),
    60_000,
  );
  expect((await release('node server.js')).status).toBe('succeeded');
  expect((await world.get(app.name)).status).toBe(200);
}, 150_000);

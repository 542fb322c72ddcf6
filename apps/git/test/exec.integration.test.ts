import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { UserError } from '@berth/domain/errors';
import type { ShellRequest } from '@berth/domain/shell-port';
import { redeemShell } from '@berth/platform/shells/redeem-shell';
import { revokeToken } from '@berth/platform/tokens/revoke-token';
import ssh2, { type Client, type ClientChannel, type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addApp, addPerson, openWorld, type World } from './open-world.js';

// What the Heroku CLI does for `heroku ps:exec`: it asks with a key of its own, and comes by SSH. The app sleeps, so that no
// instance is needed; the releaser is played.

const address = '127.80.0.1';
let world: World;
let releaser: Http2Server;
let ann: Awaited<ReturnType<typeof addPerson>>;

beforeAll(async () => {
  releaser = createServer().on('stream', (stream, headers) => {
    if (headers[':path'] === '/stderr') {
      stream.respond({ ':status': 200 });
      return void stream.end('There is no file /none.\n');
    }
    if (headers[':path'] === '/exit') {
      stream.respond({ ':status': 200 });
      return void stream.end('{"exitCode":3}');
    }
    const { command = '', env } = JSON.parse(String(headers['berth-shell'])) as ShellRequest;
    if (env.BERTH_MARK) {
      stream.respond({ ':status': 200 });
      return void play(stream, command, env);
    }
    redeemShell(world.platform, { ticket: String(headers.authorization) }).then(
      ({ userId }) => {
        stream.respond({ ':status': 200 });
        stream.end(`${userId} ${headers['berth-shell']}`);
      },
      (error: UserError) => {
        stream.respond({ ':status': 400 });
        stream.end(JSON.stringify({ code: error.code, message: error.message }));
      },
    );
  });
  await once(releaser.listen(0, '127.0.0.1'), 'listening');
  const { port } = releaser.address() as AddressInfo;
  world = await openWorld({ BERTH_SHELL_URL: `http://127.0.0.1:${port}`, BERTH_EXEC_ADDRESS: address });
  ann = await addPerson(world, 'ann');
});
afterAll(async () => {
  releaser?.close();
  await world?.close();
});

const large = randomBytes(5_000_000);
const files: Record<string, [size: number, bytes: Buffer]> = {
  'log/large': [large.length, large],
  '/empty': [0, Buffer.alloc(0)],
  '/huge': [1024 ** 3 + 1, Buffer.alloc(0)],
  '/short': [large.length, large.subarray(0, 100_000)],
};

/** What the commands of copies and of forwarded ports print, after what an app's .profile does. */
function play(
  stream: ServerHttp2Stream,
  command: string,
  { BERTH_MARK: mark, BERTH_FILE: name = '', ...env }: Record<string, string>,
) {
  stream.write('a profile says hello\n');
  if (command.includes('/dev/tcp')) {
    if (env.BERTH_PORT === '1') return stream.end();
    stream.write(`${mark}\n${env.BERTH_HOST}:${env.BERTH_PORT} `);
    return stream.pipe(stream);
  }
  const [size, bytes] = files[name] ?? [];
  if (!bytes) return stream.end();
  stream.write(`${mark} ${size}\n`);
  return stream.end(bytes);
}

let count = 0;
async function sleepingApp(owner = ann) {
  count += 1;
  const app = await addApp(world, owner, `asleep-${count}`);
  await world.platform.db.sleep.create({ data: { appId: app.id, state: 'stopped' } });
  return app;
}

function makeKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return { key, client_key: `ssh-rsa ${parsed.getPublicSSH().toString('base64')} ` };
}

async function ask(app: string, token: string, body: unknown, process = '/web.1', method = 'PUT') {
  const response = await fetch(`http://127.0.0.1:${world.ports.http}/api/v2${process}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(`${app}:${token}`).toString('base64')}` },
    ...(method === 'PUT' && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: response.ok ? JSON.parse(text) : undefined };
}

/** Signed in as the CLI does it; rejects when the server does not take the key, or is not the one that was told of. */
async function signIn({ client_user: username, proxy_public_key: hostKey }: Record<string, string>, key: string) {
  const client = new ssh2.Client().on('error', () => {}); // the first one is what `ready` rejects with
  const ready = once(client, 'ready');
  const expected = createHash('sha256')
    .update(Buffer.from(hostKey?.split(' ')[1] ?? '', 'base64'))
    .digest('hex');
  client.connect({
    ...{ host: '127.0.0.1', port: world.ports.ssh, privateKey: key, ...(username && { username }) },
    ...{ hostHash: 'sha256', hostVerifier: (hash: string) => hash === expected },
  });
  await ready;
  return client;
}

/** What a terminal shows, and the exit code. */
async function run(client: Client, command: string): Promise<{ output: string; code: number }> {
  return new Promise((resolve, reject) => {
    client.exec(command, { pty: true }, (error, stream) => {
      if (error) return reject(error);
      const result = { output: '', code: -1 };
      stream.on('data', (chunk: Buffer) => {
        result.output += chunk;
      });
      stream.on('exit', (code: number) => {
        result.code = code;
      });
      stream.on('close', () => resolve(result));
      stream.end();
    });
  });
}

test('a pass opens connections to who has the key, as a registered SSH key would', async () => {
  const app = await sleepingApp();
  const { key, client_key } = makeKey();
  const { body } = await ask(app.name, ann.token, { client_key });
  expect(body.tunnel_host).toBe(address);
  await expect(signIn(body, makeKey().key)).rejects.toThrow('authentication');
  const client = await signIn(body, key);
  const { output, code } = await run(client, "git-upload-pack 'x'"); // a command there, and not git's
  client.end();
  expect(code).toBe(3);
  expect(output).toContain(ann.userId);
  expect(JSON.parse(output.slice(output.indexOf('{')))).toMatchObject({ command: "git-upload-pack 'x'", tty: true });
  const opened = await world.platform.db.event.findFirst({ where: { appId: app.id, name: 'shell.opened' } });
  expect(opened).toMatchObject({ userId: ann.userId, data: { process: 'web.1' } });
  (await signIn(body, key)).end(); // ps:forward comes again for each connection
});

test('who may have no shell gets no pass, and is told why', async () => {
  const app = await sleepingApp();
  const { client_key } = makeKey();
  const viewer = await addPerson(world, `vic-${count}`, { teamId: ann.teamId, role: 'viewer' });
  const stranger = await addPerson(world, `sue-${count}`);
  const awake = await addApp(world, ann, `awake-${count}`);
  const said = async (...asked: Parameters<typeof ask>) => {
    const { status, text } = await ask(...asked);
    return [status, text.trim()];
  };
  expect(await said(app.name, viewer.token, { client_key })).toEqual([403, expect.stringContaining('viewer')]);
  expect(await said(app.name, viewer.token, {}, '', 'GET')).toEqual([403, expect.stringContaining('viewer')]);
  expect(await said(app.name, stranger.token, { client_key })).toEqual([404, expect.stringContaining(app.name)]);
  expect(await said(app.name, 'berth_wrong', { client_key })).toEqual([401, expect.stringContaining('not valid')]);
  const none = `${awake.name} has no process web.7 (heroku ps shows them).`;
  expect(await said(awake.name, ann.token, { client_key }, '/web.7')).toEqual([400, none]);
  for (const bad of [undefined, {}, { client_key: 'x' }, { client_key: 7 }, { client_key: 'ssh-rsa AAAA' }])
    expect((await ask(app.name, ann.token, bad)).status).toBe(400);
  expect((await ask(app.name, ann.token, { client_key }, '/../web.1')).status).toBe(404);
});

test('a token that was revoked meanwhile opens nothing; the terminal shows the sentence', async () => {
  const eve = await addPerson(world, `eve-${count}`);
  const app = await sleepingApp(eve);
  const { key, client_key } = makeKey();
  const { body } = await ask(app.name, eve.token, { client_key });
  const client = await signIn(body, key);
  const { id } = await world.platform.db.apiToken.findFirstOrThrow({ where: { userId: eve.userId } });
  await revokeToken(world.platform, { actor: eve, id });
  const { output, code } = await run(client, 'true');
  client.end();
  expect([output, code]).toEqual(['The API token that you signed in with was revoked, or has run out.\r\n', 128]);
});

/** The client of a pass for an app of its own, which the played releaser gives `file` and `port` to. */
async function comeWithPass() {
  const app = await sleepingApp();
  const { key, client_key } = makeKey();
  const { body } = await ask(app.name, ann.token, { client_key });
  return { app, client: await signIn(body, key) };
}

test('a file is copied as a command prints it, and nothing else of SFTP is there', async () => {
  const { app, client } = await comeWithPass();
  const sftp = await new Promise<SFTPWrapper>((resolve, reject) =>
    client.sftp((error, files) => (error ? reject(error) : resolve(files))),
  );
  const copy = (name: string) => {
    const to = join(tmpdir(), `berth-exec-${randomUUID()}`);
    return new Promise<Buffer>((resolve, reject) =>
      sftp.fastGet(name, to, (error) => (error ? reject(error) : resolve(readFile(to)))),
    ).finally(() => rm(to, { force: true }));
  };
  expect((await copy('log/large')).equals(large)).toBe(true);
  expect((await copy('/empty')).length).toBe(0);
  await expect(copy('/none')).rejects.toThrow('There is no file /none.');
  await expect(copy('/huge')).rejects.toThrow('1 GiB at the most');
  await expect(copy('/short')).rejects.toThrow('became shorter');
  await expect(copy('x'.repeat(1_001))).rejects.toThrow('1000 characters');
  const refused = (action: (done: (error?: Error | null) => void) => void) =>
    new Promise((_, reject) => action((error) => reject(error ?? new Error('it was done'))));
  await expect(refused((done) => sftp.open('/x', 'w', done))).rejects.toThrow('not into one');
  await expect(refused((done) => sftp.readdir('/', done))).rejects.toThrow('unsupported');
  await expect(refused((done) => sftp.unlink('/x', done))).rejects.toThrow('unsupported');
  client.end();
  const { data } = await world.platform.db.event.findFirstOrThrow({ where: { appId: app.id, name: 'shell.opened' } });
  expect(data).toEqual({ process: 'web.1', opened: 'File "log/large" read' });
});

test('a client that takes nothing is answered as it takes it, and cut off when it asks on and on', async () => {
  const { client } = await comeWithPass();
  const sftp = await new Promise<SFTPWrapper>((resolve, reject) =>
    client.sftp((error, files) => (error ? reject(error) : resolve(files))),
  );
  const inside = sftp as unknown as {
    incoming: { window: number };
    outgoing: { id: number };
    _protocol: { channelWindowAdjust(id: number, bytes: number): void };
  };
  const handle = await new Promise<Buffer>((resolve, reject) =>
    sftp.open('log/large', 'r', (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  inside.incoming.window = Number.POSITIVE_INFINITY; // so the server hears of no more than it has: 2 MiB
  const piece = 16 * 1024; // in one answer
  const read = () =>
    new Promise<boolean>((resolve, reject) =>
      sftp.read(handle, Buffer.alloc(piece), 0, piece, 0, (error, _count, bytes) =>
        error ? reject(error) : resolve(bytes.equals(large.subarray(0, piece))),
      ),
    );
  const asked = Array.from({ length: 200 }, read);
  await asked[0];
  inside._protocol.channelWindowAdjust(inside.outgoing.id, 4 * 1024 * 1024);
  expect(await Promise.all(asked)).not.toContain(false);
  const closed = once(sftp, 'close');
  for (let index = 0; index < 1_000; index++) read().catch(() => {});
  await closed;
  client.end();
});

test('a port is reached from beside the process; one where nobody listens, and a name that is none, are refused', async () => {
  const { client } = await comeWithPass();
  const forward = (host: string, port: number) =>
    new Promise<ClientChannel>((resolve, reject) =>
      client.forwardOut('', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel))),
    );
  const channel = await forward('0.0.0.0', 9229);
  channel.end('hello');
  expect(await text(channel)).toBe('127.0.0.1:9229 hello');
  await expect(forward('0.0.0.0', 1)).rejects.toThrow('open failure');
  await expect(forward('a; reboot', 80)).rejects.toThrow('open failure');
  client.end();
});

test('what runs is listed; nothing of an app that is ended in its sleep', async () => {
  const app = await sleepingApp();
  expect((await ask(app.name, ann.token, undefined, '', 'GET')).body).toEqual([]);
});

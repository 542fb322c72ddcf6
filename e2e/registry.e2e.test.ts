import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';
import { tokenOfStranger } from './somebody.js';

// The registry as a person with docker sees it, on the platform's port, with a personal token.

const run = promisify(execFile);
const host = new URL(credentials.apiUrl).host;
const example = fileURLToPath(new URL('../examples/node-web', import.meta.url));
const name = `image-${Date.now().toString(36)}`;
const image = `${host}/${name}`;
let folder: string;
let app: { name: string; web_url: string };

/** A docker command of somebody who has this folder as his home; what it prints. */
const dockerOf =
  (who: string) =>
  async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await run('docker', args, { env: envOf(who) });
    return `${stdout}${stderr}`;
  };

const envOf = (who: string) => ({ ...process.env, DOCKER_CONFIG: join(folder, who) });

/** What docker says to somebody whom it refuses. */
const refusal = (who: string, ...args: string[]): Promise<string> =>
  run('docker', args, { env: envOf(who) }).then(
    () => 'not refused',
    (error) => error.stderr,
  );

async function signIn(who: string, token: string): Promise<ReturnType<typeof dockerOf>> {
  const docker = dockerOf(who);
  const answer = await docker('login', '--username', '_', '--password', token, host);
  expect(answer).toContain('Login Succeeded');
  return docker;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-registry-'));
  app = await askApi('POST', '/apps', { name });
  const repository = await openRepository(example);
  await push(repository.folder, name);
  await repository.remove();
});
afterAll(async () => {
  await askApi('DELETE', `/apps/${name}`);
  const { stdout } = await run('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', image]);
  const names = stdout.split('\n').filter(Boolean);
  if (names.length > 0) await run('docker', ['rmi', ...names]).catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

test('docker login and docker pull work with a personal token, and a wrong one does not', async () => {
  expect(await refusal('nobody', 'login', '--username', '_', '--password', 'berth_wrong', host)).toContain(
    'unauthorized',
  );
  const docker = await signIn('me', credentials.token);
  expect(await docker('pull', image)).toMatch(/Status: (Downloaded newer image|Image is up to date) for /);
  const [release] = await askApi('GET', `/apps/${name}/releases`);
  expect(await docker('inspect', '--format', '{{json .RepoDigests}}', image)).toContain(`${image}@${release.slug.id}`);
});

test('docker push of an image made elsewhere makes a release that answers, and a pull gives that image', async () => {
  const docker = await signIn('me', credentials.token);
  const server = `require('node:http').createServer((q, r) => r.end('made elsewhere by ' + process.getuid())).listen(process.env.PORT);`;
  await writeFile(join(folder, 'server.cjs'), server);
  const made = `${name}-made-${Date.now().toString(36)}`;
  await docker('pull', image);
  await docker('create', '--name', made, image, 'none'); // our images say no command of their own
  await docker('cp', join(folder, 'server.cjs'), `${made}:/server.cjs`);
  const entrypoint = ['--change', 'ENTRYPOINT ["node"]', '--change', 'CMD ["/server.cjs"]', '--change', 'USER root'];
  await docker('commit', ...entrypoint, made, `${image}:mine`);
  await docker('rm', made);
  const pushed = await docker('push', `${image}:mine`);
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1];
  expect(digest, pushed).toBeDefined();
  const newest = async () => (await askApi('GET', `/apps/${name}/releases`)).at(-1);
  await eventually(async () => {
    const { slug, status } = await newest();
    return [slug?.id, status];
  }, [digest, 'succeeded']);
  expect((await newest()).description).toContain('Deployed web');
  expect((await askApp(app.web_url)).body).toBe('made elsewhere by 10001'); // whatever USER says
  await docker('rmi', `${image}:mine`, `${image}:latest`);
  expect(await docker('pull', image)).toContain(digest);
});

test('somebody of another team, and nobody at all, get nothing', async () => {
  await signIn('other', await tokenOfStranger());
  expect(await refusal('other', 'pull', image)).toContain('denied');
  await run('docker', ['tag', image, `${image}:theirs`]);
  expect(await refusal('other', 'push', `${image}:theirs`)).toContain('denied');
  expect(await refusal('nobody', 'pull', image)).toContain('unauthorized');
  expect((await fetch(`${credentials.apiUrl}/v2/_catalog`)).status).toBe(401);
});

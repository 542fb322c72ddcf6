import { run } from '@berth/daemon/spawn';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needed } from '../../../packages/daemon/test/needed.js';
import { archiveOf, ended, type Files, newApp, openWorld, push, readExpect, type World } from './open-world.js';
import { startMirror } from './start-mirror.js';

let world: World;
let mirror: Awaited<ReturnType<typeof startMirror>>;
beforeAll(async () => {
  world = await openWorld({ BERTH_BUILD_MEMORY: '1024', BERTH_BUILD_TIMEOUT: '1500' });
  mirror = await startMirror(world);
});
afterAll(async () => {
  await mirror?.stop();
  await world?.close();
});

type App = Awaited<ReturnType<typeof newApp>>;
interface Process {
  name: string;
  command: string;
  argv?: [string, ...string[]];
}

/** The first of all builds compiles BuildKit. */
const patience = 1_500_000;

async function build(example: string | undefined, changes: Files = {}, app?: App) {
  const built = app ?? (await newApp(world));
  const result = await ended(world, await push(world, built, await archiveOf(example, changes)), patience);
  const processes = (result.image?.processTypes ?? []) as unknown as Process[];
  return { ...result, app: built, repository: `app/${built.repositoryId}`, processes };
}

/** The image as an instance runs it, asked from outside: there may be no shell in it. */
async function answerOf({ repository, image, processes }: Awaited<ReturnType<typeof build>>): Promise<string> {
  const name = `${new URL(needed('TEST_REGISTRY_URL')).host}/${repository}@${image!.digest}`;
  const [program, ...args] = processes.find((one) => one.name === 'web')!.argv!;
  const limits = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', '10001:10001'];
  const label = ['--label', `berth.instance=${world.instance}`, '--env', 'PORT=8080'];
  const started = await run(['docker', 'run', '-d', ...label, ...limits, '--entrypoint', program, name, ...args]);
  const id = started.stdout.toString().trim();
  try {
    const address = await run(['docker', 'inspect', '-f', '{{.NetworkSettings.IPAddress}}', id]);
    for (let tries = 0; tries < 200; tries += 1) {
      const answer = await fetch(`http://${address.stdout.toString().trim()}:8080/`).catch(() => undefined);
      if (answer) return await answer.text();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const logs = await run(['docker', 'logs', id]);
    throw new Error(`no answer: ${logs.stdout}${logs.stderr}`);
  } finally {
    await run(['docker', 'rm', '--force', id]);
    await run(['docker', 'rmi', name], { check: false });
  }
}

/** A build that fails in RUN unless each of its lines succeeds. */
const dockerfile = (...lines: string[]): Files => ({
  Dockerfile: `FROM debian:13\n${lines.map((line) => `${line}\n`).join('')}CMD ["true"]\n`,
  'berth.yaml': 'build: dockerfile\n',
});
const script = (text: string) => `RUN <<EOT\n${text}\nEOT`;

describe('a build by Dockerfile', { timeout: patience }, () => {
  it.each(['dockerfile-node', 'dockerfile-go', 'dockerfile-syntax'])(
    'makes an image of %s that answers',
    async (name) => {
      const one = await build(name);
      expect(one, one.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
      const expected = await readExpect(name);
      expect(one.processes.map((process) => process.name)).toEqual(expected.processes);
      expect(await answerOf(one)).toContain(expected.body);
    },
  );

  it('gives the same digest for the same source, and uses what the last build left', async () => {
    const one = await build('dockerfile-node');
    const other = await build('dockerfile-node');
    expect(other.image!.digest).toBe(one.image!.digest);
    const again = await build('dockerfile-node', { 'src/new.js': '' }, one.app);
    expect(again.output?.text).toMatch(/CACHED/);
    expect(again.image!.digest).toBe(one.image!.digest);
  });

  it('gets of the config vars what its ARG lines and secret mounts ask for, and no other', async () => {
    const app = await newApp(world);
    const changes = { GREETING: 'from a config var', OTHER: 'not-for-the-build', NPM_TOKEN: 'a-secret-token-1' };
    await setConfigVars(world.platform, { actor: world.owner, app: app.id, changes });
    const one = await build('dockerfile-node', {}, app);
    expect(await answerOf(one)).toContain('"greeting":"from a config var"');
    const asked = dockerfile(
      'ARG GREETING',
      'RUN --mount=type=secret,id=NPM_TOKEN test "$(cat /run/secrets/NPM_TOKEN)" = a-secret-token-1',
      'RUN ! env | grep -q not-for-the-build && echo "greeting is $GREETING"',
    );
    const two = await build(undefined, asked, app);
    expect(two.status, two.output?.text).toBe('succeeded');
    expect(two.output?.text).not.toContain('a-secret-token-1');
  });

  it.each(['dockerfile-unknown-base', 'dockerfile-run-fails'])('refuses %s with one plain sentence', async (name) => {
    const { status, errorMessage, output } = await build(name);
    expect(status, output?.text).toBe('failed');
    expect(errorMessage).toContain((await readExpect(name)).message);
  });

  it.each([
    [
      'a Dockerfile that is not there',
      { 'berth.yaml': 'build: { dockerfile: web/Dockerfile }' },
      /There is no web\/Dockerfile .*There is: Dockerfile\./,
    ],
    [
      'an image without a command',
      { ...dockerfile(), Dockerfile: 'FROM scratch\nCOPY berth.yaml /\n' },
      /neither ENTRYPOINT nor CMD/,
    ],
    [
      'a version that there is not',
      { ...dockerfile(), Dockerfile: 'FROM node:99\nCMD ["x"]\n' },
      /line 1: There is no Node\.js 99/,
    ],
    ['a host network', dockerfile('RUN --network=host true'), /network\.host is not allowed|is not allowed/],
    ['more rights', dockerfile('RUN --security=insecure true'), /not allowed|unknown flag/],
  ] as [string, Files, RegExp][])('refuses %s', async (_what, changes, message) => {
    const { status, errorMessage, output } = await build('dockerfile-run-fails', { 'app.json': undefined, ...changes });
    expect(status, output?.text).toBe('failed');
    expect(errorMessage).toMatch(message);
  });
});

describe('a hostile Dockerfile', { timeout: patience }, () => {
  it('reaches neither the host nor the network of others, and of ours the mirror only, to read', async () => {
    const registry = new URL(needed('TEST_REGISTRY_URL')).port;
    const closed = (address: string, port: string | number) =>
      `if timeout 4 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null; then echo "OPEN ${address} ${port}"; exit 1; fi`;
    const { address } = JSON.parse(
      (await run(['ip', '-json', 'route', 'get', '1.1.1.1'])).stdout.toString().replace(/"prefsrc"/, '"address"'),
    )[0] as { address: string };
    const refused = (command: string) => `if ${command} 2>/dev/null; then echo "OPEN ${command}"; exit 1; fi`;
    const gateway = world.config.BERTH_MIRROR.split(':')[0]!;
    const mirrored = `http://${world.config.BERTH_MIRROR}`;
    const status = (url: string, more = '') => `$(curl -s -o /dev/null --path-as-is -w '%{http_code}' ${more} ${url})`;
    const result = await build(
      undefined,
      dockerfile(
        script(
          [
            'set -e',
            closed('169.254.169.254', 80),
            closed(address, 22),
            closed(address, registry),
            closed(gateway, 53),
            closed(gateway, registry),
            closed(new URL(needed('TEST_DATABASE_URL')).hostname, 5432),
            `test ${status(`${mirrored}/v2/`)} = 200`,
            `test ${status(`${mirrored}/v2/_catalog`)} = 404`,
            `test ${status(`${mirrored}/v2/stack/berth-13/tags/list`)} = 404`,
            `test ${status(`${mirrored}/v2/mirror/../stack/berth-13/tags/list`)} = 404`,
            `test ${status(`${mirrored}/v2/mirror/%2e%2e/stack/berth-13/tags/list`)} = 404`,
            `test ${status(`${mirrored}/v2/mirror/library/debian/blobs/uploads/`, '-X POST')} = 405`,
            `test ${status(`${mirrored}/v2/mirror/library/debian/manifests/13`, '-X PUT -d x')} = 405`,
            `test ${status(`${mirrored}/v2/mirror/library/debian/manifests/13`, '-X DELETE')} = 405`,
            'test "$(ls -d /proc/[0-9]* | wc -l)" -lt 8',
            refused('unshare -Ur true'),
            refused('mount -t tmpfs none /mnt'),
            refused('test -e /var/run/docker.sock'),
            refused('test -e /workspace/buildkitd.toml'),
            refused('test -e /cache/buildkit'),
            'echo closed',
          ].join('\n'),
        ),
      ),
    );
    expect(result.output?.text).not.toContain('OPEN');
    expect(result.status, result.output?.text).toBe('succeeded');
  });

  it('that needs more memory than it has is stopped, and told so', async () => {
    const eat = `RUN perl -e '$x = "a" x (1400 * 1024 * 1024); print length $x'`;
    const { errorCode, errorMessage, output } = await build(undefined, dockerfile(eat));
    expect(errorCode, output?.text).toBe('build_out_of_memory');
    expect(errorMessage).toMatch(/needed more than 1024 MiB/);
  });

  it('that makes processes without end is stopped, and told so; nothing of it is left', async () => {
    const bomb = dockerfile(script('bomb() { bomb | bomb & }; bomb; sleep 600'));
    const { status, errorCode, output } = await build(undefined, bomb);
    expect(status, output?.text).toBe('failed');
    expect(errorCode, output?.text).toBe('build_fork_bomb');
    const jails = ['--filter', `label=berth.instance=${world.instance}`, '--filter', 'label=berth.kind=jail'];
    await expect.poll(async () => (await run(['docker', 'ps', '-q', ...jails])).stdout.toString()).toBe('');
  });
});

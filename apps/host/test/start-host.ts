import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { hostNames } from '@berth/domain/host-names';
import { openBuildEngine } from '@berth/engine/build-client';
import { openReleaseEngine } from '@berth/engine/release-client';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import { pushedPlatformImage } from '../../../packages/engine/test/pushed-platform-image.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export type TestHost = Awaited<ReturnType<typeof startHost>>;

/** The host process as a process of its own, which can be killed and started again. `more`: settings. */
export async function startHost(more: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'berth-host-'));
  const instance = `host${randomBytes(3).toString('hex')}`;
  const registryPullHost = new URL(needed('TEST_REGISTRY_URL')).host;
  const platformImage = needed('BERTH_PLATFORM_IMAGE');
  const healthPort = await freePort();
  const env = {
    ...process.env,
    BERTH_INSTANCE: instance,
    REDIS_URL: needed('TEST_REDIS_URL'),
    ...(process.env.TEST_REGISTRY_TOKEN_URL && { REGISTRY_TOKEN_URL: process.env.TEST_REGISTRY_TOKEN_URL }),
    REGISTRY_PULL_HOST: registryPullHost,
    BERTH_IMAGE: platformImage,
    BERTH_RUN_DIR: join(directory, 'run'),
    BERTH_DISKS_DIR: join(directory, 'disks'),
    BERTH_SUBNET_POOL: `100.${104 + randomInt(8)}.${randomInt(4) * 64}.0/18`,
    HEALTH_PORT: String(healthPort),
    BERTH_PREPARED_JAILS: '0', // two seconds after a build there would be one, which looks like one that was left
    ...more,
  };
  const image = await pushedPlatformImage(platformImage, registryPullHost);
  let child: ChildProcess | undefined;
  let output = '';
  const start = async () => {
    child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    await until(`the host process is healthy\n${output}`, async () =>
      fetch(`http://127.0.0.1:${healthPort}`).then(
        (response) => response.ok,
        () => false,
      ),
    );
  };
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => child?.once('close', resolve));
    child?.kill(signal);
    await ended;
  };
  await start();
  return {
    instance,
    directory,
    image,
    names: hostNames(instance),
    build: openBuildEngine(join(directory, 'run/build/engine.sock')),
    release: openReleaseEngine(join(directory, 'run/release/engine.sock')),
    output: () => output,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    close: async () => {
      if (child?.exitCode === null && child.signalCode === null) await end('SIGTERM');
      await removeAll(instance, directory);
    },
  };
}

/** Ids of Docker's things of an instance. */
export async function listOf(
  instance: string,
  noun: 'container' | 'network' | 'volume',
  kind?: string,
): Promise<string[]> {
  const argv = ['docker', noun, 'ls', '--quiet', '--filter', `label=berth.instance=${instance}`];
  if (kind) argv.push('--filter', `label=berth.kind=${kind}`);
  if (noun === 'container') argv.push('--all');
  const { stdout } = await run(argv as [string, ...string[]]);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

async function removeAll(instance: string, directory: string): Promise<void> {
  for (const id of await listOf(instance, 'container'))
    await run(['docker', 'rm', '--force', '--volumes', id], { check: false });
  for (const id of await listOf(instance, 'network')) await run(['docker', 'network', 'rm', id], { check: false });
  const nft = ['nft', 'delete', 'table', 'inet', hostNames(instance).table];
  const helper = ['docker', 'run', '--rm', '--network', 'host', '--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN'] as const;
  await run([...helper, '--entrypoint', nft[0]!, needed('BERTH_PLATFORM_IMAGE'), ...nft.slice(1)], { check: false });
  await rm(directory, { recursive: true, force: true });
}

import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { until } from '../../../packages/daemon/test/until.js';

export type TestDockerd = Awaited<ReturnType<typeof startDockerd>>;

/**
 * A Docker daemon of the test's own, to be killed: own data, state and socket, and no hand on the host's iptables, where
 * the other daemon has its chains. Its data lies beside the other's: overlayfs needs a real file system below it. Its
 * containerd is a process beside it, as on every host with a service manager.
 */
export async function startDockerd(flags: readonly string[]) {
  const root = (await run(['docker', 'info', '--format', '{{.DockerRootDir}}'])).stdout.toString().trim();
  const directory = await mkdtemp(join(dirname(root), 'berth-test-dockerd-'));
  const socket = join(directory, 'docker.sock');
  const bridge = await makeBridge();
  const argv = await dockerdArgv(directory, socket, bridge);
  const containerd = startProcess(await containerdArgv(directory));
  let dockerd: ReturnType<typeof startProcess>;
  const docker = async (...command: string[]) =>
    (await run(['docker', '--host', `unix://${socket}`, ...command])).stdout.toString().trim();
  const answers = () =>
    docker('version').then(
      () => true,
      () => false,
    );
  const start = async (more: readonly string[]) => {
    dockerd = startProcess([...argv, ...more]);
    await until('dockerd answers', answers).catch((error) => {
      throw new Error(`${error.message}\n${dockerd.output()}`);
    });
  };
  const close = async () => {
    const all = (await docker('ps', '--all', '--quiet').catch(() => '')).split('\n').filter((id) => id !== '');
    if (all.length > 0) await docker('rm', '--force', '--volumes', ...all);
    await docker('network', 'prune', '--force').catch(() => {});
    await dockerd.end('SIGTERM');
    await containerd.end('SIGTERM');
    const { stdout } = await run(['findmnt', '--list', '--noheadings', '--output', 'TARGET']);
    const mounts = stdout.toString().split('\n');
    for (const mount of mounts.filter((path) => path.startsWith(`${directory}/`)).reverse())
      await run(['umount', mount], { check: false });
    await run(['ip', 'link', 'delete', bridge], { check: false });
    await rm(directory, { recursive: true, force: true });
  };
  await start(flags).catch(async (error) => {
    await close();
    throw error;
  });
  /** `close` ends it with everything that it has. */
  return { directory, socket, docker, start, kill: () => dockerd.end('SIGKILL'), close };
}

/** A bridge of its own in the place of docker0: with `--bridge=none` a daemon deletes docker0, which is the other's. */
async function makeBridge(): Promise<string> {
  const name = `btd-${randomBytes(4).toString('hex')}`;
  await run(['ip', 'link', 'add', name, 'type', 'bridge']);
  await run(['ip', 'address', 'add', `100.127.${randomInt(256)}.1/28`, 'dev', name]);
  await run(['ip', 'link', 'set', name, 'up']);
  return name;
}

async function dockerdArgv(directory: string, socket: string, bridge: string): Promise<string[]> {
  const config = join(directory, 'daemon.json');
  await writeFile(config, '{}'); // not this host's
  return [
    'dockerd',
    ...[`--host=unix://${socket}`, `--config-file=${config}`, `--containerd=${directory}/containerd.sock`],
    ...[`--data-root=${directory}/data`, `--exec-root=${directory}/exec`, `--pidfile=${directory}/pid`],
    ...[`--bridge=${bridge}`, '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
    '--userland-proxy=false',
  ];
}

async function containerdArgv(directory: string): Promise<string[]> {
  const config = join(directory, 'containerd.toml');
  await writeFile(config, 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
  const own = [`--address=${directory}/containerd.sock`, `--root=${directory}/images`, `--state=${directory}/tasks`];
  return ['containerd', `--config=${config}`, ...own];
}

function startProcess([command, ...args]: string[]) {
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
  return {
    output: () => output,
    end: async (signal: NodeJS.Signals) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

/** An image of the registry, also under another name. */
export async function loadImage(dockerd: TestDockerd, name: string, as: string): Promise<void> {
  await dockerd.docker('pull', '--quiet', name);
  await dockerd.docker('tag', name, as);
}

import { run } from '@berth/daemon/spawn';
import { commandArgv } from '@berth/engine/docker/command-line';
import { needed } from '../../../packages/daemon/test/needed.js';
import type { World } from './open-world.js';

const limits = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '-e', 'PORT=8080'];

/** Runs an image of `repository` as the releaser would, and returns what its web process answers on `path`. */
export async function answerOf(
  world: World,
  {
    repository,
    digest,
    command,
    path = '/',
    env = {},
  }: { repository: string; digest: string; command: string; path?: string; env?: Record<string, string> },
): Promise<string> {
  const image = `${new URL(needed('TEST_REGISTRY_URL')).host}/${repository}@${digest}`;
  const label = ['--label', `berth.instance=${world.instance}`];
  const argv = ['/usr/bin/tini', '--', ...commandArgv(command)];
  const config = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const started = await run(['docker', 'run', '-d', '--rm', ...label, ...limits, ...config, image, ...argv]);
  const id = started.stdout.toString().trim();
  try {
    for (let tries = 0; tries < 600; tries += 1) {
      const url = `http://127.0.0.1:8080${path}`;
      const answer = await run(['docker', 'exec', id, 'curl', '-fsS', url], { check: false });
      if (answer.code === 0) return answer.stdout.toString();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const logs = await run(['docker', 'logs', id]);
    throw new Error(`no answer: ${logs.stdout}${logs.stderr}`);
  } finally {
    await run(['docker', 'kill', id], { check: false });
    await run(['docker', 'rmi', image], { check: false });
  }
}

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { freePort } from '../../daemon/test/free-port.js';

const configuration = fileURLToPath(new URL('../../../scripts/parts/registry.yml', import.meta.url));

/**
 * A registry of its own on the host's network, configured as ours is, that can be killed.
 * @param env of its container, which sees the folder
 */
export async function startRegistry(env: (folder: string) => Promise<Record<string, string>> = async () => ({})) {
  const image = process.env.BERTH_PLATFORM_IMAGE;
  if (!image) throw new Error('BERTH_PLATFORM_IMAGE is not set: integration tests run on the real parts.');
  const folder = await mkdtemp(join(tmpdir(), 'berth-registry-'));
  await mkdir(join(folder, 'blobs'));
  await chmod(join(folder, 'blobs'), 0o777);
  await chmod(folder, 0o755);
  const port = await freePort();
  const name = `berth-registry-test-${randomBytes(4).toString('hex')}`;
  const settings = { REGISTRY_HTTP_ADDR: `127.0.0.1:${port}`, REGISTRY_HTTP_SECRET: 'secret', ...(await env(folder)) };
  const start = async () => {
    await run([
      ...(['docker', 'run', '-d', '--name', name, '--network', 'host', '--user', '10001:10001'] as const),
      ...['--label', 'berth.test=registry', '--tmpfs', '/tmp'],
      ...Object.entries(settings).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
      ...['-v', `${join(folder, 'blobs')}:/var/lib/berth/registry`, '-v', `${folder}:${folder}:ro`],
      ...['-v', `${configuration}:/registry.yml:ro`],
      ...['--entrypoint', 'docker-registry', image, 'serve', '/registry.yml'],
    ]);
    for (let tries = 0; tries < 200; tries += 1) {
      if (await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} does not answer: ${(await run(['docker', 'logs', name])).stderr}`);
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    /** SIGKILL: what it had only in memory is lost. */
    kill: async () => void (await run(['docker', 'rm', '-f', name])),
    start,
    stop: async () => {
      await run(['docker', 'rm', '-f', name], { check: false });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

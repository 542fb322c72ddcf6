import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { needed } from '../../../packages/daemon/test/needed.js';
import type { World } from './open-world.js';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** The registry's mirror as docker-compose.yml starts it, for the builds of a world. */
export async function startMirror(world: World): Promise<{ stop: () => Promise<void> }> {
  const { port } = new URL(needed('TEST_REGISTRY_URL'));
  const registry = (await run(['docker', 'ps', '-q', '--filter', `publish=${port}`])).stdout.toString().trim();
  const gateway = world.config.BERTH_MIRROR.split(':')[0]!;
  const name = `${world.instance}-mirror`;
  await run([
    ...['docker', 'run', '-d', '--name', name, '--label', `berth.instance=${world.instance}`, '--network', 'host'],
    ...['--cap-drop', 'ALL', '--read-only', '--tmpfs', '/tmp', '--user', '10001:10001'],
    ...['--volumes-from', `${registry}:ro`, '--volume', `${checkout}:/opt/berth:ro`],
    ...['--env', `BERTH_ROUTER_GATEWAY=${gateway}`, '--entrypoint', '/usr/bin/tini', needed('BERTH_PLATFORM_IMAGE')],
    ...['-g', '--', '/opt/berth/scripts/parts/start-mirror.sh'],
  ] as [string, ...string[]]);
  return {
    stop: async () => {
      await run(['docker', 'rm', '--force', name], { check: false });
    },
  };
}

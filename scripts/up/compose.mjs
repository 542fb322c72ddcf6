import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';

/**
 * How docker compose is called on this host: the v2 plugin where it is, else the docker-compose command (1.29 or 2).
 * @returns {Promise<string[] | undefined>}
 */
export async function findCompose() {
  for (const argv of [['docker', 'compose'], ['docker-compose']]) {
    const { code } = await run([...argv, 'version'], { check: false }).catch(() => ({ code: 1 }));
    if (code === 0) return argv;
  }
  return undefined;
}

/**
 * Runs docker compose on docker-compose.yml with the settings of this Berth.
 * @param {import('./settings.mjs').Settings} settings
 * @param {string[]} args
 * @param {(text: string) => void} [log]
 */
export async function compose(settings, args, log) {
  const argv = await findCompose();
  if (!argv)
    throw new Failure('No docker compose answers.', 'Install docker-compose (Debian) or the compose plugin of Docker.');
  const files = ['docker-compose.yml', ...(settings.isDev ? ['docker-compose.dev.yml'] : [])];
  const options = [
    ...['--env-file', join(settings.home, 'compose.env'), '--project-directory', root, '-p', settings.instance],
    ...files.flatMap((file) => ['-f', join(root, file)]),
  ];
  return run([...argv, ...options, ...args], {
    cwd: root,
    env: {
      DOCKER_HOST: `unix://${settings.socket}`,
      COMPOSE_IGNORE_ORPHANS: '1',
      COMPOSE_PROFILES: settings.chosen.BERTH_PRODUCTION_REGISTRY_PORT ? 'production-registry' : '',
      BERTH_DEV_USER: `${process.getuid?.()}:${process.getgid?.()}`,
    },
    ...(log && { onOutput: log }),
  });
}

import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { phpRuntime } from '@berth/runtimes/php/runtime';
import { openParts } from '../../runtimes/test/open-parts.js';
import { freePort, listening, unpackDebian } from './in-container.js';

const files = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Debian's names of Guzzle, Symfony's HttpClient and what they are made of. */
const libraries = [
  ...['php-guzzlehttp-guzzle', 'php-guzzlehttp-promises', 'php-guzzlehttp-psr7', 'php-symfony-http-client'],
  ...['php-psr-http-client', 'php-psr-http-factory', 'php-psr-http-message', 'php-psr-log', 'php-psr-container'],
  ...['php-symfony-deprecation-contracts', 'php-symfony-http-client-contracts', 'php-symfony-service-contracts'],
];

/** Every name that the tests call is this machine. */
const hosts = '127.0.0.1 localhost orders.internal orders.example.com elsewhere.example internal\n';

export interface PhpHome {
  /**
   * Starts test/apps/php as its image would be started: php-fpm behind nginx, or another `command` that listens on $PORT.
   * Gives its port.
   */
  start: (env?: Record<string, string>, command?: string) => Promise<number>;
  close: () => Promise<void>;
}

/** PHP in the image of its jail, with the propagator where images have it and libraries beside the app. */
export async function openPhp(): Promise<PhpHome> {
  const { parts, sources, close } = await openParts({ keepsDownloads: true });
  const version = await phpRuntime.resolve(parts, undefined);
  const build = await phpRuntime.ensureBuild(parts, version, []);
  const image = `${new URL(process.env.TEST_REGISTRY_URL!).host}/${build.repository}@${build.digest}`;
  const directory = await mkdtemp(join(tmpdir(), 'berth-propagation-php-'));
  await chmod(directory, 0o755);
  await cp(files('apps/php'), join(directory, 'app'), { recursive: true });
  await cp(files('../files/php'), join(directory, 'propagation/php'), { recursive: true });
  await cp(files('../files/php/profile.sh'), join(directory, 'propagation/profile.sh'));
  await writeFile(join(directory, 'hosts'), hosts);
  await unpackDebian(sources, libraries, join(directory, 'packages'));
  const mounts = [
    ...['-v', `${directory}:/test`, '-v', `${directory}/propagation:/opt/berth/propagation:ro`],
    ...['-v', `${directory}/hosts:/etc/hosts:ro`, '-w', '/test/app'],
  ];
  const docker = ['docker', 'run', '--rm', '--network', 'host', ...mounts] as const;
  await run([
    ...docker,
    '--user',
    '0',
    '-e',
    'COMPOSER_ALLOW_SUPERUSER=1',
    image,
    'composer',
    'dump-autoload',
    '--quiet',
  ]);
  const started: string[] = [];
  return {
    start: async (env = {}, command = 'heroku-php-nginx') => {
      const port = await freePort();
      const name = `berth-propagation-${randomUUID()}`;
      started.push(name);
      const more = Object.entries({ PORT: `${port}`, ...env }).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const script = `. /opt/berth/propagation/profile.sh; exec ${command}`;
      await run([...docker, '-d', '--name', name, ...more, image, 'sh', '-c', script]);
      await listening(port, '/up.txt');
      return port;
    },
    close: async () => {
      for (const name of started) await run(['docker', 'kill', name], { check: false });
      await rm(directory, { recursive: true, force: true });
      await close();
    },
  };
}

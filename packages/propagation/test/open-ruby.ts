import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { rubyRuntime } from '@berth/runtimes/ruby/runtime';
import { openParts } from '../../runtimes/test/open-parts.js';
import { freePort, listening, unpackDebian } from './in-container.js';

const files = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Debian's names of servers and clients, and what they are made of. */
const libraries = [
  ...['ruby-excon', 'ruby-http', 'ruby-webrick', 'puma', 'ruby-nio4r', 'ruby-addressable', 'ruby-public-suffix'],
  ...['publicsuffix', 'ruby-http-cookie', 'ruby-domain-name', 'ruby-unf', 'ruby-unf-ext', 'ruby-http-form-data'],
  ...['ruby-http-parser', 'libhttp-parser2.9', 'ruby-ffi', 'ruby-ffi-compiler', 'ruby-rack'],
  ...['ruby-sidekiq', 'ruby-redis-client', 'ruby-connection-pool', 'ruby-concurrent'],
];

/** Every name that the tests call is this machine. */
const hosts = '127.0.0.1 localhost orders.internal orders.example.com elsewhere.example internal\n';

export interface RubyHome {
  /** Starts test/apps/ruby with a server, as its image would be started. Gives its port. */
  start: (server: string, env?: Record<string, string>) => Promise<number>;
  close: () => Promise<void>;
}

/** Ruby in the image of its jail, with the propagator where images have it and gems beside the app. */
export async function openRuby(): Promise<RubyHome> {
  const { parts, sources, close } = await openParts({ keepsDownloads: true });
  const version = await rubyRuntime.resolve(parts, undefined);
  const build = await rubyRuntime.ensureBuild(parts, version, []);
  const image = `${new URL(process.env.TEST_REGISTRY_URL!).host}/${build.repository}@${build.digest}`;
  const directory = await mkdtemp(join(tmpdir(), 'berth-propagation-ruby-'));
  await chmod(directory, 0o755);
  await cp(files('apps/ruby'), join(directory, 'app'), { recursive: true });
  await cp(files('../files/ruby'), join(directory, 'propagation/ruby'), { recursive: true });
  await cp(files('../files/ruby/profile.sh'), join(directory, 'propagation/profile.sh'));
  await writeFile(join(directory, 'hosts'), hosts);
  await unpackDebian(sources, libraries, join(directory, 'packages'));
  const mounts = [
    ...['-v', `${directory}:/test:ro`, '-v', `${directory}/propagation:/opt/berth/propagation:ro`],
    ...['-v', `${directory}/hosts:/etc/hosts:ro`, '-w', '/test/app'],
  ];
  const started: string[] = [];
  return {
    start: async (server, env = {}) => {
      const port = await freePort();
      const name = `berth-propagation-${randomUUID()}`;
      started.push(name);
      const own = { PORT: `${port}`, QUEUE: name, REDIS_URL: `${process.env.TEST_REDIS_URL}/15` };
      const more = Object.entries({ ...own, ...env }).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const script = `${load}; . /opt/berth/propagation/profile.sh; exec ruby app.rb ${server}`;
      const docker = ['docker', 'run', '--rm', '-d', '--network', 'host', '--name', name, ...mounts, ...more] as const;
      await run([...docker, image, 'sh', '-c', script]);
      await listening(port, '/');
      return port;
    },
    close: async () => {
      for (const name of started) await run(['docker', 'kill', name], { check: false });
      await rm(directory, { recursive: true, force: true });
      await close();
    },
  };
}

/** Gems lie where Debian puts them: plain folders, gems, and what was compiled of them. */
const load = [
  'cd /test/packages',
  'gems=$PWD/usr/share/rubygems-integration/all/gems',
  'found=$(ls -d $gems/*/lib $gems/*/lib/concurrent-ruby $PWD/usr/lib/*/rubygems-integration/3.3.0/gems/*/lib)',
  'compiled=$(ls -d $PWD/usr/lib/*/rubygems-integration/3.3.0/extensions/*/3.3.0/* $PWD/usr/lib/*/ruby/vendor_ruby/3.3.0)',
  "export RUBYLIB=$(echo $PWD/usr/lib/ruby/vendor_ruby $found $compiled | tr ' ' ':')",
  'export LD_LIBRARY_PATH=$(ls -d $PWD/usr/lib/*-linux-gnu)',
  'cd /test/app',
].join('; ');

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogger } from '@berth/daemon/logger';
import { run } from '@berth/daemon/spawn';
import { defaultTimeouts, type RouterTimeouts } from '@berth/router/router-settings';
import type { Stock } from '@berth/router/slots';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { AppIndex } from '../src/app-index.js';
import { control } from '../src/control.js';
import { Doorbell } from '../src/doorbell.js';
import { HaproxyLink } from '../src/haproxy-link.js';
import type { RouteSource } from '../src/route-source.js';
import { type GivenSettings, RouterFiles } from '../src/router-files.js';

const image = process.env.BERTH_PLATFORM_IMAGE;
if (!image) throw new Error('BERTH_PLATFORM_IMAGE names the image that has HAProxy');
const entrypoint = new URL('../haproxy-entrypoint.sh', import.meta.url).pathname;

/** A real HAProxy in a container of its own on the host's network, with a directory and ports of its own. */
export async function startHaproxy(options: { timeouts?: RouterTimeouts; settings?: Partial<GivenSettings> } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'berth-router-'));
  const ports = await Promise.all(Array.from({ length: 15 }, freePort));
  const at = (index: number) => ({ address: '127.0.0.1', port: ports[index] ?? 0 });
  const settings: GivenSettings = {
    dir,
    bindAddress: '*',
    appsPort: at(0).port,
    appsTlsPort: at(1).port,
    platformPort: at(2).port,
    sshPort: at(3).port,
    internal: { address: '0.0.0.0', port: at(4).port },
    tetherPort: at(12).port,
    redisTether: { port: at(14).port, networks: '127.0.0.0/16' },
    detours: at(13),
    domain: 'localhost',
    api: at(5),
    dashboard: at(6),
    gitHttp: at(7),
    gitSsh: at(8),
    registry: at(9),
    wake: at(10),
    run: at(11),
    linkKey: Buffer.alloc(32, 7).toString('base64'),
    timeouts: options.timeouts ?? defaultTimeouts,
    ...options.settings,
  };
  const name = `berth-router-test-${process.pid}-${settings.appsPort}`;
  const flags = ['--name', name, '--network', 'host', '--restart', 'always', '--label', 'berth.test=router'];
  const mounts = ['-v', `${dir}:${dir}`, '-v', `${entrypoint}:/entrypoint.sh:ro`, '--entrypoint', '/entrypoint.sh'];
  await run(['docker', 'run', '-d', ...flags, '-e', `BERTH_ROUTER_DIR=${dir}`, ...mounts, image as string]);
  return {
    settings,
    name,
    /** SIGKILL of HAProxy's master and worker; Docker starts it again. */
    kill: () => run(['docker', 'exec', name, 'sh', '-c', 'kill -9 $(pidof haproxy)'], { check: false }),
    signal: (signal: string) => run(['docker', 'kill', '-s', signal, name]),
    /** What HAProxy said. */
    log: async () => (await run(['docker', 'logs', name])).stderr,
    stop: async () => {
      await run(['docker', 'rm', '-f', name]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A controller of this process; `stop` ends it without a word to HAProxy, as a kill would. */
export function startController(settings: GivenSettings, source: RouteSource, stock: Stock = { any: 8, strict: 4 }) {
  const logger = openLogger('router-test', process.env.LOG_LEVEL ?? 'warn');
  const bell = new Doorbell();
  const apps = new AppIndex();
  const ended = new AbortController();
  const link = new HaproxyLink(settings.dir, logger);
  const running = control(
    { source, files: new RouterFiles(settings), link, bell, apps, logger, stock: { ...stock } },
    ended.signal,
  );
  return {
    apps,
    ring: () => bell.ring(),
    stop: async () => {
      ended.abort();
      bell.ring();
      await running;
      link.close();
    },
  };
}

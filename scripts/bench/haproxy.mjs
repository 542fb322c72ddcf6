import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mapContents, mapNames, renderMap } from '../../packages/router/dist/maps.js';
import { renderConfig } from '../../packages/router/dist/render-config.js';
import { renderPages } from '../../packages/router/dist/render-pages.js';
import { renderWakeScript } from '../../packages/router/dist/render-wake.js';
import { defaultTimeouts, routerPaths } from '../../packages/router/dist/router-settings.js';

/** A HAProxy in a container of its own on the host's network; the returned function removes it. `folder` is where its files are. */
export function startHaproxy({ docker, platformImage, folder }, name, config) {
  const container = `berth-bench-${process.pid}-${name}`;
  const where = ['--name', container, '--network', 'host', '-v', `${folder}:${folder}`];
  execFileSync(docker, ['run', '-d', ...where, '--entrypoint', 'haproxy', platformImage, '-W', '-f', config]);
  return () => execFileSync(docker, ['rm', '-f', container], { stdio: 'ignore' });
}

const defaults = `defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
`;

/** What stands behind the proxies: it answers itself, so that it is never the slowest part. */
export const backendConfig = (port) => `${defaults}frontend backend
  bind 127.0.0.1:${port}
  http-request return status 200 content-type text/plain string "hello"
`;

/** A configuration with nothing of ours. `rule` chooses among the back ends; they are names with their ports on loopback. */
export const bareConfig = (port, rule, backends) => `${defaults}frontend bare
  bind 127.0.0.1:${port}
  ${rule}
${Object.entries(backends)
  .map(([name, backend]) => `backend ${name}\n  server s 127.0.0.1:${backend}\n`)
  .join('')}`;

/**
 * Everything that apps/router writes for a table, on loopback; every backend has one instance, at `instancePort`.
 * @returns the settings it was made with
 */
export async function writeRouter(dir, { table, appsPort, instancePort }) {
  const ports = await Promise.all(Array.from({ length: 14 }, freePort));
  const at = (index) => ({ address: '127.0.0.1', port: ports[index] });
  const slots = table.backends.map(({ slot }) => slot);
  const settings = {
    ...{ dir, bindAddress: '*', appsPort, appsTlsPort: ports[0], platformPort: ports[1], sshPort: ports[2] },
    ...{ internal: at(3), domain: 'localhost', api: at(4), dashboard: at(5), gitHttp: at(6), gitSsh: at(7) },
    ...{
      registry: at(8),
      wake: at(9),
      run: at(10),
      tetherPort: ports[11],
      redisTether: { port: ports[13], networks: '127.0.0.0/8' },
      detours: at(12),
      linkKey: Buffer.alloc(32).toString('base64'),
    },
    ...{ hasAppsCertificate: false, hasPlatformCertificate: false, timeouts: defaultTimeouts },
    stock: { any: Math.max(256, 2 ** Math.ceil(Math.log2(slots.length))), strict: 64 },
  };
  const live = new Map(
    slots.map((slot) => [slot, [{ name: `${slot}-instance`, address: '127.0.0.1', port: instancePort }]]),
  );
  const paths = routerPaths(dir);
  const maps = mapContents(table);
  for (const part of ['maps', 'pages']) mkdirSync(join(dir, part), { recursive: true });
  for (const name of mapNames) writeFileSync(paths.map(name), renderMap(maps[name]));
  for (const [name, page] of renderPages()) writeFileSync(paths.page(name), page);
  writeFileSync(paths.wakeScript, renderWakeScript(settings.wake));
  writeFileSync(paths.config, renderConfig(settings, 'bench', live));
  return settings;
}

/** Reads and forgets the log lines. */
export const readerScript = `require('node:net').createServer((socket) => socket.resume()).listen(process.argv[1])`;

export function writeFile(dir, name, text) {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

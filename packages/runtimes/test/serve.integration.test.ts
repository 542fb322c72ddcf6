import { randomUUID } from 'node:crypto';
import { run } from '@berth/daemon/spawn';
import type { LayerEntry } from '@berth/images/layer';
import { pushImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phpRuntime } from '../src/php/runtime.js';
import type { Runtime, RuntimeParts } from '../src/runtime.js';
import { staticRuntime } from '../src/static/runtime.js';
import { openParts } from './open-parts.js';

let registry: Registry;
let parts: RuntimeParts;
const repository = `trial-${randomUUID()}`;
const cleanUps: (() => Promise<unknown>)[] = [];

let close: () => Promise<void>;
beforeAll(async () => {
  ({ parts, registry, close } = await openParts({ keepsDownloads: true }));
});
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  await close?.();
});

/** Starts an image of these files as an instance is started, with nothing that it may write to but /tmp. */
async function start(runtime: Runtime, files: Record<string, string>, command: string, env: string[] = []) {
  const image = await runtime.ensureRun(parts, await runtime.resolve(parts, undefined));
  const entries: LayerEntry[] = Object.entries(files).map(([path, text]) => {
    const content = Buffer.from(text);
    return {
      path: `app/${path}`,
      type: 'file',
      mode: 0o644,
      uid: 10_001,
      gid: 10_001,
      content,
      sizeBytes: content.length,
    };
  });
  const code = await writeLayer(entries);
  const below = [parts.stack, image].flatMap((one) => one.layers.map((layer) => ({ layer, from: one.repository })));
  const pushed = await pushImage(registry, {
    repository,
    tag: randomUUID(),
    layers: [...below, { layer: code }],
    config: { env: image.config.env, user: '10001:10001', workingDir: '/app', labels: {} },
  });
  const name = `${new URL(process.env.TEST_REGISTRY_URL!).host}/${repository}@${pushed.digest}`;
  const limits = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only'];
  const variables = ['PORT=8080', 'TINI_KILL_PROCESS_GROUP=1', ...env].flatMap((one) => ['-e', one]);
  const started = await run([
    ...(['docker', 'run', '-d', ...limits, '--tmpfs', '/tmp:exec,mode=1777', ...variables] as const),
    ...(['--entrypoint', '/usr/bin/tini', name, '--', '/bin/sh', '-c', `exec ${command}`] as const),
  ]);
  const id = started.stdout.toString().trim();
  cleanUps.push(() => run(['docker', 'rmi', name], { check: false }));
  cleanUps.push(() => run(['docker', 'rm', '-f', id], { check: false }));
  const curl = async (path: string, ...more: string[]) => {
    const url = `http://127.0.0.1:8080${path}`;
    const argv = ['docker', 'exec', id, 'curl', '-sS', '-i', '--path-as-is', ...more, url] as const;
    const { stdout, code: exit } = await run(argv, { check: false });
    const [head = '', body = ''] = stdout.toString().split(/\r\n\r\n(.*)/s);
    const header = (wanted: string) => new RegExp(`^${wanted}: (.*?)\\r?$`, 'im').exec(head)?.[1];
    return { exit, status: Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1]), header, body };
  };
  const deadline = Date.now() + 20_000;
  while ((await curl('/')).exit !== 0)
    if (Date.now() > deadline) throw new Error(String((await run(['docker', 'logs', id])).stderr));
  return { id, curl };
}

const exitCodeOf = async (id: string) => {
  const { stdout } = await run(['docker', 'wait', id]);
  return Number(stdout.toString());
};

const year = 'public, max-age=31536000, immutable';

describe('static files', { timeout: 120_000 }, () => {
  const site = {
    'index.html': 'home',
    'about.html': 'about',
    'docs/index.html': 'docs',
    'docs/main.073c9b0a.js': 'hashed',
    'assets/index-DiwrgTda.js': 'hashed',
    'assets/logo.png': 'logo',
    'component-library.js': 'no hash',
    '.env': 'secret',
    '.well-known/security.txt': 'public',
    Procfile: 'web: berth-static',
  };

  it('have clean addresses, and what is nobody’s business is not there', async () => {
    const { curl } = await start(staticRuntime, site, 'berth-static . --immutable assets');
    const bodies = { '/': 'home', '/about': 'about', '/about.html': 'about', '/docs/': 'docs' };
    for (const [path, body] of Object.entries(bodies)) expect(await curl(path)).toMatchObject({ status: 200, body });
    const moved = await curl('/docs');
    expect([moved.status, moved.header('location')]).toEqual([301, '/docs/']);
    expect(await curl('/.well-known/security.txt')).toMatchObject({ status: 200 });
    for (const path of ['/.env', '/Procfile', '/docs/../.env', '/assets/gone.js'])
      expect(await curl(path)).toMatchObject({ status: 404 });
    // No 404.html: an app of one page, whose addresses are all its own.
    expect(await curl('/deep/link')).toMatchObject({ status: 200, body: 'home' });
  });

  it('are kept by browsers for a year when their names say what is in them, and asked for each time otherwise', async () => {
    const { curl } = await start(staticRuntime, site, 'berth-static . --immutable assets');
    const cacheOf = async (path: string) => (await curl(path)).header('cache-control');
    expect(await cacheOf('/assets/index-DiwrgTda.js')).toBe(year);
    expect(await cacheOf('/docs/main.073c9b0a.js')).toBe(year);
    for (const path of ['/', '/deep/link', '/about', '/assets/logo.png', '/component-library.js'])
      expect([path, await cacheOf(path)]).toEqual([path, 'no-cache']);
  });

  it('of the next release are sent anew, though every file of every image has the same time', async () => {
    const release = (version: string) =>
      start(staticRuntime, { 'index.html': `page ${version}` }, 'berth-static', [`HEROKU_RELEASE_VERSION=${version}`]);
    const old = await release('v1');
    const next = await release('v2');
    const tag = (await old.curl('/')).header('etag')!;
    const since = 'If-Modified-Since: Wed, 01 Jan 2025 00:00:00 GMT';
    const again = ['-H', `If-None-Match: ${tag}`, '-H', since];
    expect(await old.curl('/', ...again)).toMatchObject({ status: 304 });
    expect(await next.curl('/', ...again)).toMatchObject({ status: 200, body: 'page v2' });
    expect(await next.curl('/', '-H', since)).toMatchObject({ status: 200 });
  });

  it('have a page of their own for what is not there', async () => {
    const { curl, id } = await start(staticRuntime, { 'index.html': 'home', '404.html': 'lost' }, 'berth-static');
    expect(await curl('/deep/link')).toMatchObject({ status: 404, body: 'lost' });
    await run(['docker', 'kill', '--signal', 'TERM', id]);
    expect(await exitCodeOf(id)).toBe(0);
  });
});

describe('PHP', { timeout: 120_000 }, () => {
  const app = {
    'public/index.php': `<?php
      if ($_SERVER['REQUEST_URI'] === '/slow') { touch('/tmp/began'); sleep(2); }
      echo getenv('GREETING'), ' ', $_SERVER['REQUEST_URI'], ' ', $_SERVER['HTTPS'] ?? 'plain';`,
    'public/other.php': `<?php echo 'other ', $_SERVER['PATH_INFO'] ?? '';`,
    'public/.env': 'secret',
    'public/logo.png': 'logo',
  };

  it('answers by the front controller, and runs only scripts that are there', async () => {
    const { curl } = await start(phpRuntime, app, 'heroku-php-apache2 public/', [
      'GREETING=hello',
      'HEROKU_RELEASE_VERSION=v3',
    ]);
    expect(await curl('/a/page?x=1')).toMatchObject({ status: 200, body: 'hello /a/page?x=1 plain' });
    expect(await curl('/x', '-H', 'X-Forwarded-Proto: https')).toMatchObject({ body: 'hello /x on' });
    expect(await curl('/other.php/more')).toMatchObject({ body: 'other /more' });
    const file = await curl('/logo.png');
    expect(file).toMatchObject({ status: 200, body: 'logo' });
    expect(file.header('etag')).toBe('W/"berth-v3"');
    const tag = ['-H', `If-None-Match: ${file.header('etag')}`];
    expect(await curl('/logo.png', ...tag)).toMatchObject({ status: 304 });
    const script = await curl('/a/page');
    expect([script.header('etag'), script.header('cache-control')]).toEqual([undefined, undefined]);
    for (const path of ['/.env', '/logo.png/x.php', '/gone.php', '/../composer.json'])
      expect([path, (await curl(path)).body.includes('secret'), (await curl(path)).status >= 400]).toEqual([
        path,
        false,
        true,
      ]);
  });

  it('ends after the requests in flight', async () => {
    const { curl, id } = await start(phpRuntime, app, 'heroku-php-nginx public/', ['GREETING=hello']);
    const slow = curl('/slow');
    while ((await run(['docker', 'exec', id, 'test', '-e', '/tmp/began'], { check: false })).code !== 0);
    await run(['docker', 'kill', '--signal', 'TERM', id]);
    expect(await slow).toMatchObject({ status: 200, body: 'hello /slow plain' });
    expect(await exitCodeOf(id)).toBe(0);
  });

  it('ends with an error when php-fpm or nginx dies', async () => {
    const { id } = await start(phpRuntime, app, 'heroku-php-nginx public/');
    await run(['docker', 'exec', id, 'sh', '-c', 'kill -9 $(cat /tmp/berth-php/nginx.pid)']);
    expect(await exitCodeOf(id)).toBe(1);
  });
});

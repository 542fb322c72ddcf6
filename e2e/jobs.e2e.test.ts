import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, commit, runGit } from './berth.js';
import { eventually } from './eventually.js';
import { createProjectEnvironment, createService, deleteService, remoteOf } from './service.js';

// Jobs of BullMQ on a Redis that project environments share with their base. Each test goes on where the one before it stopped.

const word = Math.random().toString(36).slice(2, 8);
const [shop, mail] = [`jobs-shop-${word}`, `jobs-mail-${word}`];
/** Of the last try to make them. */
let [withMail, withShop] = ['', ''];
const made: string[] = [];
let folder: string;
let shopUrl: string;

const worker = `
import { Worker } from 'bullmq';
const { REDIS_URL: url, BERTH_ENVIRONMENT: by } = process.env;
const propagate = globalThis[Symbol.for('berth.propagate')];
if (url) new Worker('mail', async () => ({ by, mark: propagate.current() ?? null }), { connection: { url } });
else setInterval(() => {}, 60_000);`;

/** GET / adds a job and answers with what its worker says; ?keys=<pattern> with the keys of Redis. */
const web = `
import { createServer } from 'node:http';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
const { REDIS_URL: url, PORT } = process.env;
const redis = url && new Redis(url);
const queue = url && new Queue('mail', { connection: { url } });
const events = url && new QueueEvents('mail', { connection: { url } });
async function answer(pattern) {
  if (!url) return 'no Redis';
  if (pattern) return [...(await redis.keys(pattern)), ...(await redis.hkeys('berth:workers'))];
  return (await queue.add('mail', {})).waitUntilFinished(events, 20_000);
}
createServer((request, response) => {
  answer(new URL(request.url, 'http://shop').searchParams.get('keys')).then(
    (got) => response.end(JSON.stringify(got)),
    (error) => response.writeHead(500).end(JSON.stringify(String(error))),
  );
}).listen(PORT);`;

async function pushService(service: string, procfile: string): Promise<void> {
  await writeFile(join(folder, 'Procfile'), `${procfile}\n`);
  await commit(folder, service);
  const { code, output } = await runGit(folder, ['push', remoteOf(service), 'HEAD:refs/heads/main'], true);
  expect(code, output).toBe(0);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-jobs-'));
  const dependencies = { bullmq: '6.7.0', ioredis: '6.0.0' };
  const manifest = { name: 'jobs', private: true, type: 'module', dependencies };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'web.js'), web);
  await writeFile(join(folder, 'worker.js'), worker);
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  for (const service of [shop, mail]) await createService(service);
  await pushService(shop, 'web: node web.js');
  await pushService(mail, 'worker: node worker.js');
  await askApi('PATCH', `/apps/${mail}/formation`, { updates: [{ type: 'worker', quantity: 1 }] });
  const { name: addon } = await askApi('POST', `/apps/${shop}/addons`, { plan: 'heroku-redis:mini' });
  await askApi('POST', '/addon-attachments', { addon, app: mail, name: 'REDIS' });
  shopUrl = (await askApi('GET', `/apps/${shop}`)).web_url;
}, 600_000);
afterAll(async () => {
  for (const name of made) await askApi('DELETE', `/environments/${name}`).catch(() => {});
  for (const service of [mail, shop]) await deleteService(service);
  await rm(folder, { recursive: true, force: true });
});

/** One GET by hand: its host name needs no DNS this way. */
function ask(url: string, cookie?: string): Promise<{ body: string; cookie: string | undefined }> {
  const { port, host, pathname, search } = new URL(url);
  const headers = { host, ...(cookie === undefined ? {} : { cookie }) };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: `${pathname}${search}`, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      const [set] = response.headers['set-cookie'] ?? [];
      response.on('end', () => resolve({ body, cookie: set?.split(';')[0] })).on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
/** What the Redis has of projects' own queues. */
const keysOfProjects = async () => JSON.parse((await ask(`${shopUrl}?keys=*~*`)).body);
/** What is answered while a release is on its way is no JSON. */
const jobBy = async (url: string, cookie?: string) =>
  ask(url, cookie).then(
    ({ body }) => (body.startsWith('{') ? JSON.parse(body) : body),
    (error: Error) => error.message,
  );

test('a project’s own worker works its jobs and no other, the base’s those of projects that have none', async () => {
  const ofBase = { by: 'production', mark: null };
  await eventually(() => jobBy(shopUrl), ofBase);
  const mark = Date.now().toString(36);
  [withMail, withShop] = [`jobs-red-${mark}`, `jobs-blue-${mark}`];
  made.push(withMail, withShop);
  await createProjectEnvironment(withMail, { service: mail });
  const { services } = await createProjectEnvironment(withShop, { service: shop });
  const { url: link } = await askApi('GET', `/environments/${withMail}/link?service=${shop}`);
  const { cookie } = await ask(link);
  const ofMail = { by: withMail, mark: `berth-env=${withMail}` };
  const ofShop = { by: 'production', mark: `berth-env=${withShop}` };
  await eventually(() => jobBy(shopUrl, cookie), ofMail);
  const views = [
    { url: shopUrl, cookie, expected: ofMail },
    { url: shopUrl, cookie: undefined, expected: ofBase },
    { url: services[0]!.web_url, cookie: undefined, expected: ofShop },
  ];
  const all = Array.from({ length: 60 }, (_, index) => views[index % views.length]!);
  const got = await Promise.all(all.map((view) => jobBy(view.url, view.cookie)));
  expect(got).toEqual(all.map(({ expected }) => expected));
  expect(await keysOfProjects()).toContain(`${withMail}/bull:mail`);
});

test('a project that is destroyed leaves nothing of its queues', async () => {
  for (const name of made) await askApi('DELETE', `/environments/${name}`).catch(() => {}); // an earlier try's, too
  await eventually(keysOfProjects, []);
  expect(await jobBy(shopUrl)).toEqual({ by: 'production', mark: null });
});

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi, push, runGit } from './berth.js';
import { credentials } from './credentials.js';

const stamp = Date.now().toString(36);
const team = `shop-${stamp}`;
const makeRepositories = fileURLToPath(new URL('../examples/shop/make-repositories.mjs', import.meta.url));
/** Project → what it changes, as the branches of examples/shop do. */
const projects = { red: ['cart', 'users'], blue: ['orders', 'users'] };
/** Those that answer requests, callees first; `mail` works a queue. */
const services = ['users', 'stock', 'orders', 'cart', 'web'];
const requests = 10_000;
/** On their way at once. */
const clients = 12;

interface Answer {
  service: string;
  version: string;
  calls?: Answer[];
}

/** Who answered on every hop: `web@main cart@red orders@main users@red stock@main`. */
const hopsOf = ({ service, version, calls = [] }: Answer): string =>
  [`${service}@${version}`, ...calls.map(hopsOf)].join(' ');

/** The same for somebody who sees a project's own version of what it changes, and main of everything else. */
const expectedHops = (project: string, changed: readonly string[]) =>
  ['web', 'cart', 'orders', 'users', 'stock']
    .map((service) => `${service}@${changed.includes(service) ? project : 'main'}`)
    .join(' ');

// The promise of project environments, kept on every hop: each request is answered by its own project's services, and by the
// base's for all others.
describe('two projects at once on one base', () => {
  const environmentOf = (project: string) => `${project}-${stamp}`;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let folder: string;
  let webUrl: string;
  const views: { cookie?: string; hops: string }[] = [{ hops: expectedHops('', []) }];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-e2e-shop-'));
    execFileSync(process.execPath, [makeRepositories, folder], { stdio: 'ignore' });
    await askApi('POST', '/teams', { name: team });
    for (const service of services) {
      const { id } = await askApi('POST', '/pipelines', { name: service, team });
      const name = `${service}-${stamp}`;
      await askApi('POST', `/pipelines/${id}/apps`, { environment: 'daily', name });
      const { code, output } = await push(join(folder, service), `${team}/${service}`);
      if (code !== 0) throw new Error(output);
    }
    webUrl = (await askApi('GET', `/apps/web-${stamp}`)).web_url;
    for (const [project, changed] of Object.entries(projects)) await makeProject(project, changed);
  }, 600_000);
  afterAll(async () => {
    agent.destroy();
    for (const project of Object.keys(projects))
      await askApi('DELETE', `/environments/${environmentOf(project)}`).catch(() => {});
    for (const service of services) await askApi('DELETE', `/apps/${service}-${stamp}`).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });

  /** A project environment of its branches, and a cookie that opens the base's address as it sees it. */
  async function makeProject(project: string, changed: readonly string[]) {
    for (const service of changed) {
      const remote = `${credentials.gitUrl}/${team}/${service}.git`;
      await runGit(join(folder, service), ['push', '--quiet', remote, project]);
    }
    const name = environmentOf(project);
    const wishes = changed.map((service) => ({ service, branch: project }));
    await askApi('POST', '/environments', { name, base: 'daily', team, services: wishes });
    let environment = await askApi('GET', `/environments/${name}`);
    while (!['ready', 'failed'].includes(environment.status)) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      environment = await askApi('GET', `/environments/${name}`);
    }
    expect(environment).toMatchObject({ status: 'ready', message: null });
    const { url } = await askApi('GET', `/environments/${name}/link?service=web`);
    views.push({ cookie: await cookieOf(url), hops: expectedHops(project, changed) });
  }

  /** One GET at the address of the base's web, by hand: its host name needs no DNS this way. */
  function ask(path: string, headers: Record<string, string> = {}) {
    const { port, host } = new URL(webUrl);
    return new Promise<{ body: string; cookie: string | undefined }>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, agent, headers: { host, ...headers } };
      request(options, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        const cookie = response.headers['set-cookie']?.[0]?.split(';')[0];
        response.on('end', () => resolve({ body, cookie })).on('error', reject);
      })
        .on('error', reject)
        .end();
    });
  }

  async function cookieOf(link: string): Promise<string> {
    const { pathname, search } = new URL(link);
    const { cookie } = await ask(`${pathname}${search}`);
    if (!cookie) throw new Error(`${link} sets no cookie`);
    return cookie;
  }

  it(`${requests} requests through both and the base, mixed, are each answered by the right versions on every hop`, async () => {
    const wrong: string[] = [];
    let sent = 0;
    const client = async () => {
      while (sent < requests && wrong.length < 10) {
        const { cookie, hops } = views[sent++ % views.length]!;
        const { body } = await ask('/', cookie === undefined ? {} : { cookie });
        const seen = body.startsWith('{') ? hopsOf(JSON.parse(body)) : body;
        if (seen !== hops) wrong.push(`${seen} instead of ${hops}`);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    expect(wrong).toEqual([]);
    expect(sent).toBe(requests);
  }, 600_000);

  it('what somebody outside says of the environment is not believed', async () => {
    const [base] = views;
    const forged = { baggage: `user=1,berth-env=${environmentOf('red')}`, cookie: `berth_env=${environmentOf('red')}` };
    expect(hopsOf(JSON.parse((await ask('/', forged)).body))).toBe(base!.hops);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, askMixed, expectedHops, hopsOf, openShopWindow, type View } from '../examples/shop/ask-mixed.mjs';
import { layOutShop, makeProject, removeShop, untilReady } from '../examples/shop/lay-out.mjs';
import { projects } from '../examples/shop/make-repositories.mjs';
import { askApi, askApp, runGit } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';

const suffix = Date.now().toString(36);
const team = `shop-${suffix}`;
const requests = 10_000;
/** On their way at once. */
const clients = 12;
const berth = {
  api: askApi,
  push: (directory: string, remote: string, ref: string) =>
    runGit(directory, ['push', '--quiet', `${credentials.gitUrl}/${remote}.git`, ref]),
};

interface Hop {
  answered_by: { environment: string; service: string } | null;
  carried: boolean;
  calls: Hop[];
}

// The promise of project environments, kept on every hop: each request is answered by its own project's services, and by the
// base's for all others.
describe('two projects at once on one base', () => {
  const environmentOf = (project: string) => `${project}-${suffix}`;
  let folder: string;
  let web: ReturnType<typeof openShopWindow>;
  const views: Record<string, View> = { stable: { hops: expectedHops('', []) } };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-e2e-shop-'));
    const shop = { team, suffix, folder };
    await layOutShop(berth, shop);
    web = openShopWindow((await askApi('GET', `/apps/web-${suffix}`)).web_url, clients);
    for (const [project, changed] of Object.entries(projects)) {
      await makeProject(berth, shop, project, changed);
      const { url } = await askApi('GET', `/environments/${environmentOf(project)}/link?service=web`);
      views[project] = { cookie: await web.cookieOf(url), hops: expectedHops(project, changed) };
    }
  }, 600_000);
  afterAll(async () => {
    web?.close();
    await removeShop(berth, { team, suffix });
    await rm(folder, { recursive: true, force: true });
  });

  const askWeb = async (view: View, path: string): Promise<Answer> =>
    JSON.parse((await web.ask(path, view.cookie === undefined ? {} : { cookie: view.cookie })).body);

  it(`${requests} requests through both and the base, mixed, are each answered by the right versions on every hop`, async () => {
    const { wrong, sent } = await askMixed(web, { views: Object.values(views), requests, clients });
    expect(wrong).toEqual([]);
    expect(sent).toBe(requests);
  }, 600_000);

  it('what somebody outside says of the environment is not believed', async () => {
    const forged = { baggage: `user=1,berth-env=${environmentOf('red')}`, cookie: `berth_env=${environmentOf('red')}` };
    expect(hopsOf(JSON.parse((await web.ask('/', forged)).body))).toBe(views.stable!.hops);
  });

  it.each(Object.entries(projects))(
    'the doctor draws who answers for %s, and finds nobody who loses the mark',
    async (project, changed) => {
      const environment = environmentOf(project);
      const of = (service: string) => `${service}@${changed.includes(service) ? environment : 'daily'}`;
      const expected = {
        hops: [
          `${of('web')} → ${of('cart')} → ${of('orders')} → ${of('stock')}`,
          `${of('web')} → ${of('cart')} → ${of('orders')} → ${of('users')}`,
        ],
        services: ['cart carried', 'orders carried', 'stock no-calls', 'users no-calls', 'web carried'],
      };
      // What asks at the same time may be taken for the probe's, and lines that come late are not waited for: the next one tells.
      await eventually(async () => {
        const { hops, services } = await askApi('POST', `/environments/${environment}/doctor`, { service: 'web' });
        return {
          hops: hops.flatMap((hop: Hop) => pathsOf(hop)).sort(),
          services: services.map(({ service, verdict }: Record<string, string>) => `${service} ${verdict}`).sort(),
        };
      }, expected);
    },
  );

  it('an order is taken by the right version, kept in the database that all share, and mailed by a worker that calls the right users', async () => {
    const bought = await buyAsEach();
    expect(Object.values(bought).map(({ hops }) => hops)).toEqual([
      'web@main cart@main orders@main',
      'web@main cart@red orders@main',
      'web@main cart@main orders@blue',
    ]);
    const { web_url: orders } = await askApi('GET', `/apps/orders-${suffix}`);
    const sold: { order: number; version: string }[] = JSON.parse((await askApp(orders, '/sold')).body);
    const expected = { stable: 'main', red: 'main', blue: 'blue' };
    for (const [view, version] of Object.entries(expected))
      expect(sold).toContainEqual({ order: bought[view]!.order, version });
    expect(await mailsOf(bought)).toEqual({
      stable: 'main, mailed in daily with users@main',
      red: 'main, mailed in daily with users@red',
      blue: 'blue, mailed in daily with users@blue',
    });
  });

  it('a project that has the worker, too, has its own jobs, and nobody else’s, done by it', async () => {
    const blue = environmentOf('blue');
    const { services } = await askApi('GET', `/environments/${blue}`);
    if (!services.some(({ service }: { service: string }) => service === 'mail'))
      await askApi('POST', `/environments/${blue}/services`, { service: 'mail' });
    await untilReady(berth, blue);
    const mailed = {
      stable: 'main, mailed in daily with users@main',
      red: 'main, mailed in daily with users@red',
      blue: `blue, mailed in ${blue} with users@blue`,
    };
    // From the moment on in which its worker has told the queue that it is there.
    await eventually(async () => mailsOf(await buyAsEach()), mailed);
    for (let round = 0; round < 5; round++) expect(await mailsOf(await buyAsEach())).toEqual(mailed);
  });

  /** An order as each sees the shop: who took it, hop by hop, and its number. */
  async function buyAsEach() {
    const bought: Record<string, { hops: string; order: number }> = {};
    for (const [name, view] of Object.entries(views)) {
      const answer = await askWeb(view, '/buy');
      const order = answer.calls?.[0]?.calls?.[0]?.order;
      if (order === undefined) throw new Error(`no order in ${JSON.stringify(answer)}`);
      bought[name] = { hops: hopsOf(answer), order };
    }
    return bought;
  }

  /** Who sold each order, who mailed it, and with which users, as soon as all are mailed. */
  async function mailsOf(bought: Record<string, { order: number }>): Promise<Record<string, string>> {
    const { web_url: orders } = await askApi('GET', `/apps/orders-${suffix}`);
    const numbers = Object.values(bought).map(({ order }) => order);
    const read = async (): Promise<(Answer & { soldBy: string })[]> =>
      JSON.parse((await askApp(orders, '/mails')).body);
    await eventually(async () => (await read()).filter(({ order }) => numbers.includes(order!)).length, numbers.length);
    const mails = await read();
    const say = ({ soldBy, environment, calls }: (typeof mails)[number]) =>
      `${soldBy}, mailed in ${environment} with ${calls?.map(hopsOf)}`;
    return Object.fromEntries(
      Object.entries(bought).map(([view, { order }]) => [view, say(mails.find((mail) => mail.order === order)!)]),
    );
  }
});

/** Every way through a probe's hops, with what is wrong with one in it. */
function pathsOf({ answered_by: by, carried, calls }: Hop): string[] {
  const self = `${by?.service}@${by?.environment}${carried ? '' : ' without the mark'}`;
  return calls.length === 0 ? [self] : calls.flatMap((call) => pathsOf(call).map((path) => `${self} → ${path}`));
}

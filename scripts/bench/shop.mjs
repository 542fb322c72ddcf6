import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askMixed, expectedHops, openShopWindow } from '../../examples/shop/ask-mixed.mjs';
import { layOutShop, makeProject, removeShop } from '../../examples/shop/lay-out.mjs';
import { projects } from '../../examples/shop/make-repositories.mjs';
import { api, remoteOf } from './berth.mjs';

const requests = Number(process.env.BENCH_SHOP ?? 10_000);
/** On their way at once. */
const clients = 12;

/** The running Berth, as examples/shop is laid out on it. */
export const berth = {
  api,
  push: (directory, remote, ref) =>
    promisify(execFile)('git', ['push', '--quiet', '--force', remoteOf(remote), ref], { cwd: directory }),
};

/** Lays the shop out in daily, does something with it, and removes it with the project environments that were made. */
export async function withShop(body) {
  const suffix = Date.now().toString(36);
  const shop = { team: `shop-${suffix}`, suffix, folder: mkdtempSync(join(tmpdir(), 'berth-bench-shop-')) };
  try {
    await layOutShop(berth, shop);
    return await body(shop);
  } finally {
    await removeShop(berth, shop);
    rmSync(shop.folder, { recursive: true, force: true });
  }
}

/**
 * Issue 5's bar 0: requests to the shop's web in turn as stable, as red and as blue see it, each of five hops. None may be
 * answered by another's version on any of them.
 */
export const benchShop = () =>
  withShop(async (shop) => {
    const { web_url: webUrl } = await api('GET', `/apps/web-${shop.suffix}`);
    const web = openShopWindow(webUrl, clients);
    const views = [{ hops: expectedHops('', []) }];
    for (const [project, changed] of Object.entries(projects)) {
      await makeProject(berth, shop, project, changed);
      const { url } = await api('GET', `/environments/${project}-${shop.suffix}/link?service=web`);
      views.push({ cookie: await web.cookieOf(url), hops: expectedHops(project, changed) });
    }
    const { sent, wrong, ms } = await askMixed(web, { views, requests, clients });
    web.close();
    const cells = [sent, wrong.length, (ms / 1000).toFixed(0), ((sent / ms) * 1000).toFixed(0)];
    const table = ['| requests | wrong | s | requests/s |', '|---|---|---|---|', `| ${cells.join(' | ')} |`].join('\n');
    return { table, ...(wrong.length > 0 && { wrong }) };
  });

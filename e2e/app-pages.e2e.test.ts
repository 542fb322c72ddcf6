import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi, commit, push, runGit } from './berth.js';
import { credentials } from './credentials.js';
import { openDashboard, signIn } from './open-dashboard.js';
import { takeScreenshots } from './take-screenshots.js';

const stamp = Date.now().toString(36);
const team = `pages-${stamp}`;
const [app, other] = [`front-${stamp}`, `back-${stamp}`];

const works = `require('node:http').createServer((_, response) => response.end('fine')).listen(process.env.PORT);`;
/** Ends long after its release took over. */
const crash = `setTimeout(() => { throw new Error('no database'); }, 25_000);\n${works}`;

async function makeRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-app-pages-'));
  const manifest = { name: 'front', version: '1.0.0', private: true };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  await writeFile(join(folder, 'server.js'), works);
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await commit(folder, 'first');
  return folder;
}

interface Release {
  version: number;
  slug: { id: string } | null;
  failure: { message: string } | null;
}
/** The newest first. */
const releases = async (): Promise<Release[]> =>
  (await askApi('GET', `/apps/${app}/releases`)).toSorted((a: Release, b: Release) => b.version - a.version);

// What an app's pages show of one app, and do to it. Each test goes on where the one before it stopped.
describe('the pages of an app', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  beforeAll(async () => {
    folder = await makeRepository();
    await askApi('POST', '/teams', { name: team });
    for (const name of [app, other]) await askApi('POST', '/apps', { name, team, environment: 'daily' });
    const { code, output } = await push(folder, app);
    if (code !== 0) throw new Error(output);
    ({ browser, page } = await openDashboard());
    page.on('dialog', (dialog) => void dialog.accept());
    await signIn(page);
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    for (const name of [app, other]) await askApi('DELETE', `/apps/${name}`).catch(() => {});
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('a release has a page of its own: what it is, what it changed without a value, and its steps', async () => {
    const first = (await releases()).at(-1);
    await askApi('PATCH', `/apps/${app}/config-vars`, { GREETING: 'a secret' });
    await page.goto(`/apps/${app}/releases`);
    const live = page.locator('li', { has: page.locator('[data-status=live]'), hasText: 'GREETING' });
    await live.getByRole('link').click();
    await page.getByRole('heading', { name: `What changed since v${first?.version}` }).waitFor();
    await page.locator('li', { hasText: 'GREETING' }).getByText('added').waitFor();
    expect(await page.content()).not.toContain('a secret');

    await page.goto(`/apps/${app}/releases/v${first?.version}`);
    await page.getByText(first?.slug?.id ?? '', { exact: true }).waitFor();
    await page.getByText(/^node \d+\./).waitFor();
    await page.getByText('Nothing ran before it.').waitFor();
    await page.getByTestId('live-text').filter({ hasText: 'Node.js' }).waitFor();
    expect(await page.getByRole('button', { name: 'Roll back' }).count()).toBe(1);
    expect((await page.goto(`/apps/${app}/releases/v999`))?.status()).toBe(404);
  });

  it('starts a debug instance of a release beside what is live, with the way in, and ends it', async () => {
    await page.goto(`/apps/${app}/releases/v1`);
    const isPost = (request: Request) => request.method() === 'POST';
    const ends = [page.waitForEvent('requestfinished', isPost), page.waitForEvent('requestfailed', isPost)];
    await page.getByRole('button', { name: 'Start one' }).click();
    await Promise.race(ends);
    const instance = page.locator('[data-debug]').first();
    // Its container changes the host's network, and with it Chromium may give up the answer to the click.
    await expect
      .poll(async () => (await page.reload()) && instance.count(), { timeout: 60_000, interval: 3_000 })
      .toBe(1);
    await instance.getByText(`ssh ssh://${app}.debug.`).waitFor();
    await takeScreenshots(page, 'release');
    await instance.getByRole('button', { name: 'End' }).click();
    await instance.waitFor({ state: 'detached' });
  });

  it('the page of a release that failed says why', async () => {
    await writeFile(join(folder, 'server.js'), "throw new Error('broken on purpose');\n");
    await commit(folder, 'broken');
    expect((await push(folder, app)).code).not.toBe(0);
    const [failed] = await releases();
    await page.goto(`/apps/${app}/releases/v${failed?.version}`);
    await page.locator('h2 + [data-status=failed]').waitFor();
    await page
      .getByRole('alert')
      .filter({ hasText: failed?.failure?.message ?? '' })
      .first()
      .waitFor();
    await page.getByText('broken', { exact: true }).first().waitFor();
    await takeScreenshots(page, 'release-failed');
  });

  const [store, disk] = [`store-${stamp}`, `disk-${stamp}`];
  const addOn = (name: string) => page.locator(`[data-add-on=${name}]`);
  const names = async (of: string) =>
    (await askApi('GET', `/apps/${of}/addons`)).map(({ name }: { name: string }) => name);

  it('makes add-ons, and says in a sentence what there cannot be', async () => {
    await page.goto(`/apps/${app}/add-ons`);
    await page.getByText('No add-ons yet.').waitFor();
    await page.getByLabel('Plan').selectOption('heroku-redis:mini');
    await page.getByLabel('Name').fill(store);
    await page.getByLabel('Path').fill('/data');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('Only a volume has a path.').waitFor();
    await page.getByLabel('Path').fill('');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await addOn(store).getByText('Redis: Mini, 25 MiB').waitFor();

    await page.getByLabel('Plan').selectOption('berth-volume:1gb');
    await page.getByLabel('Name').fill(disk);
    await page.getByLabel('Path').fill('/app/storage');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await addOn(disk).getByText('Volume: 1 GiB at /app/storage').waitFor();
    await addOn(disk).getByText('file:///app/storage').waitFor();
    expect(await names(app)).toEqual([disk, store]);
  });

  it('shares an add-on with another app of the team, and shows its address only when asked', async () => {
    await page.goto(`/apps/${other}/add-ons`);
    await page.getByRole('combobox', { name: 'Add-on' }).selectOption(store);
    await page.getByRole('textbox', { name: /^As/ }).fill('SHARED');
    await page.getByRole('button', { name: 'Attach' }).click();
    await addOn(store).getByText('It goes with').waitFor();
    expect(await addOn(store).innerText()).not.toContain('redis://');
    await addOn(store).getByRole('button', { name: 'Show value' }).click();
    await addOn(store).getByText('redis://').waitFor();
    expect(await addOn(store).getByRole('button', { name: 'Destroy add-on' }).count()).toBe(0);

    await page.goto(`/apps/${app}/add-ons`);
    await addOn(store).getByText(`Shared with ${other} as SHARED_URL`).waitFor();
    await takeScreenshots(page, 'add-ons');
  });

  it('shows who only looks neither the address nor anything to press', async () => {
    const { secret } = await askApi('POST', `/teams/${team}/invitations`, { role: 'viewer' });
    const person = { name: 'Viewer', email: `${app}-${Date.now()}@example.com`, password: 'a long password' };
    await askApi('POST', `/invitations/${secret}/accept`, person);
    const context = await browser.newContext({ baseURL: credentials.dashboardUrl });
    context.setDefaultTimeout(60_000);
    const seen = await context.newPage();
    await signIn(seen, person);
    await seen.goto(`/apps/${app}/add-ons`);
    const row = seen.locator(`[data-add-on=${store}]`);
    await row.getByText('REDIS_URL', { exact: true }).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(await seen.getByRole('button', { name: 'Add', exact: true }).count()).toBe(0);
    expect(await seen.content()).not.toContain('redis://');
    await context.close();
  });

  it('rotates credentials, detaches, and destroys by name', async () => {
    const address = async () => (await askApi('GET', `/apps/${app}/config-vars`)).REDIS_URL;
    const before = await address();
    const isThere = async () => (await askApi('GET', `/addons/${store}`)).state;
    await expect.poll(isThere, { timeout: 120_000, interval: 1_000 }).toBe('provisioned');
    await page.goto(`/apps/${app}/add-ons`);
    await addOn(store).getByRole('button', { name: 'Rotate credentials' }).click();
    await expect.poll(address, { timeout: 120_000, interval: 1_000 }).not.toBe(before);

    await page.goto(`/apps/${other}/add-ons`);
    await addOn(store).getByRole('button', { name: 'Detach SHARED_URL' }).click();
    await page.getByText('No add-ons yet.').waitFor();
    expect(await names(other)).toEqual([]);

    await page.goto(`/apps/${app}/add-ons`);
    await addOn(disk).getByRole('button', { name: 'Destroy add-on' }).click();
    await page.getByLabel('Name of the add-on').fill(store);
    await page.getByRole('button', { name: 'Destroy', exact: true }).click();
    await page.getByText(`Type ${disk} to destroy it.`).waitFor();
    await page.getByLabel('Name of the add-on').fill(disk);
    await page.getByRole('button', { name: 'Destroy', exact: true }).click();
    await addOn(disk).waitFor({ state: 'detached' });
    expect(await names(app)).toEqual([store]);
  });

  it('shows by itself a process that ends while debug is on, and is held', async () => {
    await page.goto(`/apps/${app}/settings`);
    await page.getByRole('heading', { name: 'Debug' }).waitFor();
    const start = page.getByRole('button', { name: 'Start debugging' });
    if ((await start.count()) > 0) {
      await page.getByLabel('Minutes').fill('60');
      await start.click();
    }
    await page.getByText('Debug is on until').waitFor();
    await writeFile(join(folder, 'server.js'), crash);
    await commit(folder, 'ends later');
    const { code, output } = await push(folder, app);
    expect(code, output).toBe(0);
    // Also when the API was away as the page asked it for events: a browser does not come back by itself then.
    await page.route(`**/api/streams/apps/${app}`, (route) => route.fulfill({ status: 503 }), { times: 1 });
    await page.goto(`/apps/${app}`);
    await page.locator('[data-status=crashed]').nth(1).waitFor(); // the app's own, and its process's
    await page.getByText('Exited with code 1').first().waitFor();
  });
});

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';
import { closeDatabase, query } from './kills/inside.js';
import { openDashboard, signIn } from './open-dashboard.js';
import { takeScreenshots } from './take-screenshots.js';

const root = fileURLToPath(new URL('..', import.meta.url));

// A service of two stages: promoted from the board, then tried out in a project environment that the form makes.
describe('the environments in the dashboard', () => {
  /** Of each try. */
  let service: string;
  let project: string;
  let browser: Browser;
  let page: Page;
  let repository: Awaited<ReturnType<typeof openRepository>>;
  beforeAll(async () => {
    repository = await openRepository(join(root, 'examples', 'node-web'));
    ({ browser, page } = await openDashboard());
    await signIn(page);
  });
  afterAll(async () => {
    await browser?.close();
    await repository?.remove();
    await closeDatabase();
  });
  beforeEach(async () => {
    const stamp = Date.now().toString(36);
    service = `desk-${stamp}`;
    project = `red-${stamp}`;
    await askApi('POST', '/pipelines', { name: service, team: 'default', apps: ['daily', 'qa'] });
    const { code, output } = await push(repository.folder, `default/${service}`);
    if (code !== 0) throw new Error(output);
  });
  afterEach(async () => {
    await askApi('DELETE', `/environments/${project}`).catch(() => {});
    for (const stage of ['daily', 'qa']) await askApi('DELETE', `/apps/${service}-${stage}`).catch(() => {});
  });

  const row = () => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: service, exact: true }) });

  it('shows what runs where, and promotes it with the difference shown before', async () => {
    await page.goto(`/environments`);
    await row().getByText('v1').waitFor();
    await takeScreenshots(page, 'environments');
    await row().getByRole('link', { name: 'Promote →' }).click();
    await page.getByRole('heading', { name: 'daily → qa' }).waitFor();
    await page.getByText('first', { exact: true }).waitFor(); // the commit's message
    await takeScreenshots(page, 'promote');
    await page.getByRole('button', { name: 'Promote to qa' }).click();
    await page.locator('[data-status=succeeded]').waitFor();
    const qa = await askApi('GET', `/apps/${service}-qa`);
    expect((await askApp(qa.web_url)).body).toContain('node-web');
    const digests = await Promise.all(
      ['daily', 'qa'].map(async (stage) => (await askApi('GET', `/apps/${service}-${stage}/releases`)).at(-1).slug.id),
    );
    expect(digests[0]).toBe(digests[1]);
    await page.goto('/environments');
    await page.getByRole('link', { name: `${service}: daily → qa` }).click();
    await page.getByRole('heading', { name: 'daily → qa' }).waitFor();
    await page.getByText('asked for by').waitFor();
  });

  it('makes a project environment by a form, shows when it is ready, keeps it longer, and destroys it', async () => {
    await page.goto(`/environments/new?team=default`);
    await page.getByLabel('Name', { exact: false }).first().fill(project);
    await page.getByLabel('Base').selectOption('daily');
    await page.getByLabel(service, { exact: true }).check();
    await takeScreenshots(page, 'new-environment');
    await page.getByRole('button', { name: 'Create environment' }).click();
    await page.getByRole('heading', { name: project }).waitFor();
    await page.locator('h1 + [data-status=ready]').waitFor();
    await takeScreenshots(page, 'environment');
    const { services, expires_at: expiresAt } = await askApi('GET', `/environments/${project}`);
    expect((await askApp(services[0].web_url)).body).toContain('node-web');

    await page.getByRole('button', { name: 'Keep it a day longer' }).click();
    const expiry = async () => Date.parse((await askApi('GET', `/environments/${project}`)).expires_at);
    await expect.poll(expiry).toBeGreaterThan(Date.parse(expiresAt));

    // As the sweep does a day before the end.
    await query(`UPDATE "Environment" SET "warnedAt" = now() WHERE "name" = $1`, project);
    await page.goto('/environments');
    const line = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: project, exact: true }) });
    await line.getByText('goes soon').waitFor();
    await page.goto(`/environments/${project}`);
    const warning = page.getByRole('status').filter({ hasText: 'It is destroyed' });
    const before = await expiry();
    await warning.getByRole('button', { name: 'Keep it a day longer' }).click();
    await warning.waitFor({ state: 'detached' });
    expect(await expiry()).toBeGreaterThan(before);

    await page.getByRole('button', { name: 'Destroy environment' }).click();
    await page.getByLabel('Name of the environment').fill(project);
    await page.getByRole('button', { name: 'Destroy', exact: true }).click();
    await page.waitForURL('**/environments');
    await expect(askApi('GET', `/environments/${project}`)).rejects.toThrow('404');
  });
});

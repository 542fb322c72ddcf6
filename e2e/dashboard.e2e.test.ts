import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi, openRepository, push } from './berth.js';
import { credentials } from './credentials.js';
import { openDashboard } from './open-dashboard.js';
import { takeScreenshots } from './take-screenshots.js';

const example = fileURLToPath(new URL('../examples/node-web', import.meta.url));

// A person's first app, from sign-in to its end. Each test goes on where the one before it stopped.
describe('the dashboard', () => {
  let browser: Browser;
  let page: Page;
  let repository: Awaited<ReturnType<typeof openRepository>>;
  /** Of the last try to make one. */
  let app = '';
  const write = (file: string, content: string) => writeFile(join(repository.folder, file), content);
  const read = (file: string) => readFile(join(example, file), 'utf8');
  /** Which scripts the app has beside its start. */
  const writeManifest = async (scripts: Record<string, string>) => {
    const manifest = JSON.parse(await read('package.json'));
    await write('package.json', JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, ...scripts } }));
  };
  const pushAll = async (message: string) => {
    await repository.git('add', '--all');
    await repository.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    return push(repository.folder, app);
  };
  const openApp = () => page.goto(`/apps/${app}`);

  beforeAll(async () => {
    repository = await openRepository(example);
    ({ browser, page } = await openDashboard());
  });
  afterAll(async () => {
    await browser?.close();
    await repository?.remove();
    if (app) await askApi('DELETE', `/apps/${app}`).catch(() => {}); // when a test failed before its end
  });

  it('lets a person sign in, and nobody without a password', async () => {
    await page.context().clearCookies();
    await page.goto('/');
    await page.waitForURL('**/sign-in');
    await takeScreenshots(page, 'sign-in');
    await page.getByLabel('E-mail').fill(credentials.email);
    await page.getByLabel('Password').fill('wrong-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'do not belong together' }).waitFor();
    await page.getByLabel('Password').fill(credentials.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Apps', exact: true }).waitFor();
  });

  it('creates an app, shows the first push and notices by itself when it has happened', async () => {
    app = `board-${Date.now().toString(36)}`;
    await writeManifest({ build: 'sleep 10' });
    await page.goto('/');
    await page.getByRole('link', { name: 'Create app' }).click();
    await page.getByLabel('Name').fill(app);
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByText(`git remote add berth`).first().waitFor();
    expect(await page.textContent('main')).toContain(`${credentials.gitUrl}/${app}.git`);
    await takeScreenshots(page, 'first-push');
    const pushed = pushAll('First');
    await page.getByRole('heading', { name: 'Deploying' }).waitFor();
    expect((await pushed).code).toBe(0);
    // The build that takes long enough to be seen is over.
    await writeManifest({});
    await page.locator('[data-status="succeeded"]').first().waitFor();
    await page.locator('[data-status="up"]').first().waitFor();
    await takeScreenshots(page, 'app');
  });

  it('opens the app', async () => {
    await openApp();
    const link = await page.getByRole('link', { name: 'Open app' }).getAttribute('href');
    const opened = await browser.newPage();
    const answer = await opened.goto(link ?? '');
    expect(answer?.status()).toBe(200);
    await opened.close();
  });

  it('says why a broken push failed while the old release still serves, and rolls back', async () => {
    await openApp();
    await write('server.js', `// second version\n${await read('server.js')}`);
    const { output } = await pushAll('Second');
    const version = /Released (v\d+)/.exec(output)?.[1] ?? output;
    await page.getByText(version, { exact: true }).first().waitFor();
    await write('server.js', "throw new Error('broken on purpose');\n");
    expect((await pushAll('Broken')).code).not.toBe(0);
    await page.getByText(`${version} goes on serving.`).waitFor();
    await takeScreenshots(page, 'broken');
    const link = await page.getByRole('link', { name: 'Open app' }).getAttribute('href');
    const opened = await browser.newPage();
    expect((await opened.goto(link ?? ''))?.status()).toBe(200);
    await opened.close();

    await page.getByRole('link', { name: 'All releases' }).click();
    await page.waitForURL('**/releases');
    await takeScreenshots(page, 'releases');
    page.once('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: 'Roll back' }).first().click();
    await page.locator('li', { hasText: 'Rollback to v' }).locator('[data-status="live"]').waitFor();
  });

  it('sets config vars, scales, restarts, tails the log and destroys', async () => {
    await openApp();
    await page.getByRole('link', { name: 'Config vars' }).click();
    await page.getByLabel('Key').fill('GREETING');
    await page.getByLabel('Value', { exact: true }).fill('hello');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('GREETING').waitFor();
    await takeScreenshots(page, 'config');
    await page.getByRole('link', { name: 'Logs' }).click();
    await page.getByTestId('live-text').filter({ hasText: 'web.1' }).waitFor();
    await takeScreenshots(page, 'logs');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByLabel('Quantity of web').fill('2');
    await page.getByRole('button', { name: 'Scale' }).first().click();
    await page.getByText('web.2').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await takeScreenshots(page, 'settings');
    await page.getByRole('button', { name: 'Destroy app' }).click();
    await page.getByLabel('Name of the app').fill(app);
    await page.getByRole('button', { name: 'Destroy', exact: true }).click();
    await page.getByRole('heading', { name: 'Apps', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: app }).count()).toBe(0);
    await takeScreenshots(page, 'apps');
  });

  it('keeps tokens and SSH keys on the account page', async () => {
    await page.goto('/account');
    await page.getByLabel('What it is for').fill('from the test');
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByText('Copy it now').waitFor();
    await page.getByText('from the test').first().waitFor();
    await takeScreenshots(page, 'account');
  });
});

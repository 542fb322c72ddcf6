import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials } from './credentials.js';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const screenshots = join(root, 'e2e', 'screenshots');
const app = `board-${Date.now().toString(36)}`;
const widths = [375, 1280, 2560];

/** A page in both colour schemes at three widths; the pictures are kept for people to look at. */
async function takeScreenshots(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 375 ? 812 : 1000 });
      await page.waitForTimeout(150);
      await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`) });
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, `${name} at ${width} px scrolls sideways`).toBe(0);
    }
  }
  await page.setViewportSize({ width: 1280, height: 1000 });
}

describe('the dashboard', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const git = (...argv: string[]) =>
    exec('git', argv, {
      cwd: folder,
      env: { ...process.env, GIT_SSL_CAINFO: credentials.caFile, GIT_TERMINAL_PROMPT: '0' },
    });
  /** Which scripts the app has beside its start. */
  const writeManifest = async (scripts: Record<string, string>) => {
    const source = await readFile(join(root, 'examples', 'node-web', 'package.json'), 'utf8');
    const manifest = JSON.parse(source);
    const changed = { ...manifest, scripts: { ...manifest.scripts, ...scripts } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(changed, undefined, 2));
  };
  const push = async (message: string) => {
    await git('add', '-A');
    await git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', message);
    const remote = new URL(`${credentials.gitUrl}/${app}.git`);
    remote.username = 'git';
    remote.password = credentials.token;
    return git('push', remote.href, 'HEAD:main');
  };

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'berth-board-'));
    await cp(join(root, 'examples', 'node-web'), folder, { recursive: true });
    await rm(join(folder, 'expect.json'), { force: true });
    await writeManifest({ build: 'sleep 5' });
    await git('init', '-q', '-b', 'main');
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets a person sign in, and nobody without a password', async () => {
    await page.goto(credentials.dashboardUrl);
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
    await page.getByRole('link', { name: 'Create app' }).click();
    await page.getByLabel('Name').fill(app);
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByText(`git remote add berth`).first().waitFor();
    expect(await page.textContent('main')).toContain(`${credentials.gitUrl}/${app}.git`);
    await takeScreenshots(page, 'first-push');
    const pushed = push('First');
    await page.getByRole('heading', { name: 'Deploying' }).waitFor();
    await pushed;
    // The build that takes long enough to be seen is over.
    await writeManifest({});
    await page.locator('[data-status="succeeded"]').first().waitFor();
    await page.locator('[data-status="up"]').first().waitFor();
    await takeScreenshots(page, 'app');
  });

  it('opens the app', async () => {
    const link = await page.getByRole('link', { name: 'Open app' }).getAttribute('href');
    const opened = await browser.newPage();
    const answer = await opened.goto(link ?? '');
    expect(answer?.status()).toBe(200);
    await opened.close();
  });

  it('says why a broken push failed while the old release still serves, and rolls back', async () => {
    const server = join(folder, 'server.js');
    const source = await readFile(server, 'utf8');
    await writeFile(server, `// second version\n${source}`);
    await push('Second');
    await page.getByText('v2', { exact: true }).first().waitFor();
    await writeFile(server, "throw new Error('broken on purpose');\n");
    await expect(push('Broken')).rejects.toThrow();
    await page.getByText('v2 goes on serving.').waitFor();
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
    await page.getByText('Rollback to v1').first().waitFor();
    await page.locator('li', { hasText: 'Rollback to v1' }).locator('[data-status="live"]').waitFor();
  });

  it('sets config vars, scales, restarts, tails the log and destroys', async () => {
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
    await page.goto(`${credentials.dashboardUrl}/account`);
    await page.getByLabel('What it is for').fill('from the test');
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByText('Copy it now').waitFor();
    await page.getByText('from the test').first().waitFor();
    await takeScreenshots(page, 'account');
  });
});

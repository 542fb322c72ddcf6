import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi, commit, push, runGit } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';
import { openDashboard, signIn } from './open-dashboard.js';
import { takeScreenshots } from './take-screenshots.js';

const stamp = Date.now().toString(36);
const team = `desk-${stamp}`;
/** Of the last try to make them. */
let [red, blue] = ['', ''];
const made: string[] = [];
/** The add-on that users has in daily. */
let database: string;
/** Each calls the next; callees first. */
const services = ['users', 'cart', 'web'];

const server = `
const http = require('node:http');
const next = { web: 'cart', cart: 'users' }[process.env.BERTH_SERVICE];
const own = process.env.BERTH_SERVICE + '@' + process.env.BERTH_ENVIRONMENT;
http.createServer((request, response) => {
  if (!next) return response.end(own);
  http.get('http://' + next + '.internal/', (answer) => {
    let body = '';
    answer.on('data', (chunk) => { body += chunk; });
    answer.on('end', () => response.end(own + ' ' + body));
  }).on('error', (error) => response.writeHead(502).end(error.message));
}).listen(process.env.PORT);
`;

/** One repository for all three services: the code asks which one it is. */
async function makeRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-pages-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'desk', version: '1.0.0', private: true }));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  await writeFile(join(folder, 'server.js'), server);
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await commit(folder, 'first');
  return folder;
}

const lockfile = {
  ...{ name: 'desk', version: '1.0.0', lockfileVersion: 3, requires: true },
  packages: { '': { name: 'desk', version: '1.0.0' } },
};

// What a project's people see: two environments at once on one base, who answers in each, what the doctor finds, who sleeps, what it
// takes, and a freeze that refuses a deploy.
describe('two projects at once on one base, in the dashboard', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  beforeAll(async () => {
    folder = await makeRepository();
    await askApi('POST', '/teams', { name: team });
    for (const service of services) {
      const { id } = await askApi('POST', '/pipelines', { name: service, team });
      await askApi('POST', `/pipelines/${id}/apps`, { environment: 'daily', name: `${service}-${stamp}` });
      const { code, output } = await push(folder, `${team}/${service}`);
      if (code !== 0) throw new Error(output);
    }
    ({ name: database } = await askApi('POST', `/apps/users-${stamp}/addons`, { plan: 'heroku-postgresql' }));
    const state = async () => (await askApi('GET', `/apps/users-${stamp}/addons/${database}`)).state;
    await eventually(state, 'provisioned');
    await runGit(folder, ['checkout', '--quiet', '-b', 'red']);
    await commit(folder, 'red');
    await runGit(folder, ['push', '--quiet', `${credentials.gitUrl}/${team}/cart.git`, 'red']);
    ({ browser, page } = await openDashboard());
    await signIn(page);
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    for (const name of made) await askApi('DELETE', `/environments/${name}`).catch(() => {});
    for (const service of services) await askApi('DELETE', `/apps/${service}-${stamp}`).catch(() => {});
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const answeredBy = async () => {
    const rows = await page.locator('tr[data-answered-by]').all();
    return Promise.all(
      rows.map(async (row) => [await row.locator('th').innerText(), await row.getAttribute('data-answered-by')]),
    );
  };

  /** By the form: one service of its own, the branch if one is named. */
  async function make(name: string, service: string, { branch = '', isMasked = false } = {}): Promise<void> {
    made.push(name);
    await page.goto(`/environments/new?team=${team}`);
    await page.getByLabel('Name', { exact: false }).first().fill(name);
    await page.getByLabel('Base').selectOption('daily');
    await page.getByLabel(service, { exact: true }).check();
    await page.getByLabel(`Branch, commit or release of ${service}`).fill(branch);
    if (isMasked) await maskCopy();
    await page.getByRole('button', { name: 'Create environment' }).click();
    await page.getByRole('heading', { name }).waitFor();
    await page.locator('h1 + [data-status=ready]').waitFor({ timeout: 180_000 });
  }

  /** The data of users: a copy, with SQL that runs before anyone connects. */
  async function maskCopy(): Promise<void> {
    await page.getByText('One by one').click();
    await page.getByRole('combobox', { name: new RegExp(`^${database} of daily`) }).selectOption('copy');
    await page.getByRole('textbox', { name: new RegExp(`^Mask of ${database}`) }).fill('CREATE TABLE masked ();');
  }

  it('each has its own services, and the lanes show what the base answers', async () => {
    const mark = Date.now().toString(36);
    [red, blue] = [`red-${mark}`, `blue-${mark}`];
    await make(blue, 'users', { isMasked: true });
    await page.locator('[data-policy=copy]').waitFor();
    await page.getByText('masked').waitFor();
    await make(red, 'cart', { branch: 'red' });
    expect(await answeredBy()).toEqual([
      ['cart', red],
      ['users', 'daily'],
      ['web', 'daily'],
    ]);
    await page.goto('/environments');
    const section = page.getByRole('region', { name: team });
    for (const name of [red, blue]) await section.getByRole('link', { name }).waitFor();
    await takeScreenshots(page, 'environments');
    await section.getByRole('link', { name: blue }).click();
    await page.locator(`tr[data-answered-by=${blue}]`).waitFor();
    expect(await answeredBy()).toEqual([
      ['cart', 'daily'],
      ['users', blue],
      ['web', 'daily'],
    ]);
  });

  it('the doctor draws who answered, and says what became of the mark', async () => {
    await page.goto(`/environments/${red}`);
    await page.getByRole('combobox', { name: /^Service(?! to add)/ }).selectOption('web');
    await page.getByRole('button', { name: 'Run the doctor' }).click();
    const report = page.getByTestId('doctor-report');
    await report.getByText('Answered 200').waitFor();
    const environments = await report.locator('[data-environment]').allInnerTexts();
    expect(environments).toEqual(['daily', red, 'daily']);
    await report.getByText('web in daily carried the mark').waitFor();
    await takeScreenshots(page, 'doctor');

    await page.getByLabel('Path').fill('no path');
    await page.getByRole('button', { name: 'Run the doctor' }).click();
    await page.getByText('A path begins with /').waitFor();
  });

  it('opens a service of the base as a project sees it, by the session alone, and leaves it again', async () => {
    const body = () => page.locator('body').innerText();
    await page.goto(`/environments/${red}`);
    await page.getByRole('link', { name: `Open web as ${red} sees it` }).click();
    await page.waitForURL(`http://web-${stamp}.*`);
    expect(await body()).toBe(`web@daily cart@${red} users@daily`);
    await page.goto(`/open/${red}/web/leave`);
    expect(await body()).toBe('web@daily cart@daily users@daily');
    await page.goto('/open/gone/web');
    await page.getByRole('alert').getByText("Couldn't find that environment: gone.").waitFor();

    // Somebody who is not signed in does so on the way.
    const other = await browser.newPage({ baseURL: credentials.dashboardUrl });
    await other.goto(`/open/${red}/web?path=/page`);
    await other.getByLabel('E-mail').fill(credentials.email);
    await other.getByLabel('Password').fill(credentials.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.waitForURL(`http://web-${stamp}.**/page`);
    expect(await other.locator('body').innerText()).toBe(`web@daily cart@${red} users@daily`);
    await other.close();
  });

  it('gets one more service by its page, and gives it back to the base', async () => {
    const answers = (service: string) => page.locator('tr[data-answered-by]', { hasText: service });
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(`/environments/${blue}`);
    if ((await page.getByRole('button', { name: 'Drop cart' }).count()) === 0) {
      await page.getByLabel('Service to add', { exact: true }).selectOption('cart');
      await page.getByLabel('Kind of the service to add').selectOption('commit');
      await page.getByLabel('Branch, commit or release of the service').fill('nonsense');
      await page.getByRole('button', { name: 'Add service' }).click();
      await page.getByText('must be 7 to 40 hex digits').waitFor();
      await page.getByLabel('Kind of the service to add').selectOption('branch');
      await page.getByLabel('Branch, commit or release of the service').fill('red');
      await page.getByRole('button', { name: 'Add service' }).click();
    }
    await page.locator(`tr[data-answered-by=${blue}]`, { hasText: 'cart' }).waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Drop cart' }).click();
    await page.locator('tr[data-answered-by=daily]', { hasText: 'cart' }).waitFor({ timeout: 60_000 });
    expect(await answers('users').getAttribute('data-answered-by')).toBe(blue);
  });

  it('says who sleeps and what that saves, and what the environment takes beside a copy of its base', async () => {
    await askApi('POST', `/apps/cart--${red}/actions/sleep`, { step: 'frozen' });
    await page.goto(`/environments/${red}`);
    await page.locator('[data-sleep=frozen], [data-sleep=pushed_out]').waitFor();
    await page.getByText(/slept .* in all/).waitFor();
    const takes = page.locator('section', { has: page.getByRole('heading', { name: 'What it takes' }) });
    // The host is looked at each minute.
    await expect
      .poll(async () => (await page.reload()) && takes.innerText(), { timeout: 150_000, interval: 5_000 })
      .toMatch(/Memory of its own now\s+\d+ [KMG]i?B/);
    await takes.getByText('a full copy of daily, which would be 3 apps', { exact: false }).waitFor();
    await takeScreenshots(page, 'environment');
  });

  it('a freeze that an admin sets refuses a deploy with its reason, until it is ended', async () => {
    await askApi('PATCH', `/teams/${team}/environments/daily`, { policy: { freeze: null } });
    await page.goto(`/teams/${team}/environments/daily`);
    await page.getByLabel('Reason').fill('the audit');
    await page.getByRole('button', { name: 'Freeze deploys' }).click();
    await page.getByText('daily is frozen: the audit').waitFor();
    await takeScreenshots(page, 'policy');
    await runGit(folder, ['checkout', '--quiet', 'main']);
    await commit(folder, 'while frozen');
    const refused = await push(folder, `${team}/users`);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('daily is frozen: the audit.');
    await page.goto('/environments');
    await page.getByText('frozen: the audit').waitFor();
    await page.goto(`/teams/${team}/environments/daily`);
    await page.getByRole('button', { name: 'End the freeze' }).click();
    await page.getByLabel('Reason').waitFor();
    expect((await push(folder, `${team}/users`)).code).toBe(0);
  });

  it('admins change the policy part by part, and a wrong one is one sentence', async () => {
    await askApi('PATCH', `/teams/${team}/environments/qa`, { policy: { windows: [] } });
    await page.goto(`/teams/${team}/environments/qa`);
    await page.getByLabel('Who may deploy').selectOption('admin');
    await page.getByLabel('Gates').fill('health');
    const save = page
      .locator('section', { has: page.getByRole('heading', { name: 'Deploys' }) })
      .getByRole('button', { name: 'Save' });
    await save.click();
    await page.getByText('must be a path such as /health').waitFor();
    await page.getByLabel('Gates').fill('/health');
    await page.getByLabel('Who may deploy').selectOption('admin');
    await page.getByRole('button', { name: 'Add a time' }).first().click();
    await save.click();
    const policy = async () => (await askApi('GET', `/teams/${team}/environments/qa`)).policy;
    await expect.poll(policy).toMatchObject({
      deploy_role: 'admin',
      gates: [{ path: '/health' }],
      windows: [{ from: '09:00', to: '17:00' }],
    });
  });

  it('shows where config comes from, what differs between two environments, cost, quotas and the host', async () => {
    await askApi('PATCH', `/teams/${team}/config-vars`, { REGION: { value: 'eu', secret: false } });
    await page.goto(`/teams/${team}/environments/daily/config`);
    await page.getByLabel('Key').fill('REGION');
    await page.getByLabel('Value', { exact: true }).fill('us');
    await page.getByLabel('Secret').uncheck();
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText(`environment daily, hides that of team ${team}`).waitFor();
    await takeScreenshots(page, 'environment-config');

    await askApi('PATCH', `/teams/${team}/environments/${red}/config-vars`, {
      COLOUR: { value: 'red', secret: false },
    });
    await page.goto(`/teams/${team}/differences?from=daily&to=${red}`);
    await page.getByText('COLOUR').waitFor();
    await takeScreenshots(page, 'differences');

    await page.goto(`/teams/${team}`);
    await page.getByLabel('Limit of Apps').fill('9');
    await page.getByRole('button', { name: 'Save the limits' }).click();
    await expect.poll(async () => (await askApi('GET', `/teams/${team}/quota`)).limits.apps).toBe(9);
    await page.getByRole('rowheader', { name: 'daily' }).waitFor();
    await takeScreenshots(page, 'team');
    // By the browser, which knows that *.localhost is this host: Node's resolver does not everywhere.
    const csv = await page.evaluate((path) => fetch(path).then((answer) => answer.text()), `/teams/${team}/usage.csv`);
    expect(csv).toMatch(/^environment,app,cpu_hours,.*\n(.*\n)*daily,web-/);

    await page.getByRole('link', { name: 'Capacity' }).click();
    await page.getByRole('heading', { name: 'What could still start' }).waitFor();
    await takeScreenshots(page, 'capacity');
    expect(await askApi('GET', '/capacity')).toMatchObject({ room: { full_apps: expect.any(Number) } });
  });
});

import { type Browser, chromium, type Page } from 'playwright-core';
import { credentials } from './credentials.js';

/** A browser with a page of the dashboard, where nobody is signed in. */
export async function openDashboard(): Promise<{ browser: Browser; page: Page }> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ baseURL: credentials.dashboardUrl });
  page.setDefaultTimeout(60_000);
  const load = page.goto.bind(page);
  page.goto = (...of) =>
    load(...of).catch((error: Error) => (isOfNetwork(error) ? load(...of) : Promise.reject(error)));
  return { browser, page };
}

/** Each container that comes or goes changes the host's network, and Chromium then gives up what it is loading. */
const isOfNetwork = ({ message }: Error) => message.includes('ERR_NETWORK_CHANGED');

/** Signs in, and is there when this resolves. */
export async function signIn(page: Page, person: { email: string; password: string } = credentials): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Apps', exact: true }).waitFor();
}

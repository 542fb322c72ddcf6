import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';
import { waitFor } from './wait-for.mjs';

const name = 'hello';

/**
 * The proof that all of it works: an app, pushed by real git, asked through the router. Pushed once; an app that its
 * people have destroyed stays destroyed.
 * @type {import('./run-steps.mjs').Step}
 */
export const firstApp = {
  name: `first app ${name}`,
  mend: 'npm run doctor looks at the whole line; the builder and the releaser log why: docker logs <container>',
  run: async ({ settings, found, log }) => {
    const mark = join(settings.home, 'first-app');
    const app = await askApi(found.credentials, 'GET', `/apps/${name}`);
    if (app.status === 404 && existsSync(mark)) return 'destroyed since';
    if (app.status === 404) await askApi(found.credentials, 'POST', '/apps', { name });
    const isReleased = app.body?.released_at != null;
    if (!isReleased) await pushExample(found.credentials, log);
    writeFileSync(mark, '');
    found.appUrl = `http://${name}.${settings.chosen.BERTH_DOMAIN}:${settings.chosen.BERTH_APPS_PORT}`;
    const answers = waitFor(`${found.appUrl} did not answer`, isReleased ? 10 : 30, () => askApp(settings.chosen));
    if (!isReleased) return `"${await answers}"`;
    return answers.then(
      (answer) => `answers "${answer}"`,
      (error) => String(error.message), // scaled to zero, in maintenance: its people know
    );
  },
};

/**
 * @param {{ apiUrl: string, token: string }} credentials
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function askApi({ apiUrl, token }, method, path, body) {
  const response = await fetch(new URL(path, apiUrl), {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 404)
    throw new Failure(`${method} ${path} answered ${response.status}: ${text}`);
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

/**
 * @param {{ gitUrl: string, token: string, caFile: string }} credentials
 * @param {(text: string) => void} log
 */
async function pushExample({ gitUrl, token, caFile }, log) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-hello-'));
  try {
    cpSync(join(root, 'examples/node-web'), folder, { recursive: true });
    rmSync(join(folder, 'expect.json'), { force: true });
    const git = (/** @type {string[]} */ ...args) =>
      run(['git', '-c', 'user.name=Berth', '-c', 'user.email=berth@localhost', ...args], {
        cwd: folder,
        onOutput: log,
        env: gitEnv(token, caFile),
      });
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=Hello from Berth');
    await git('push', `${gitUrl}/${name}.git`, 'main');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The token by environment and not by argument: arguments are seen in the host's process list.
 * @param {string} token
 * @param {string} caFile
 */
function gitEnv(token, caFile) {
  const basic = Buffer.from(`berth:${token}`).toString('base64');
  return {
    GIT_SSL_CAINFO: caFile,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    NO_PROXY: '*',
  };
}

/**
 * Asks the app by its name through the router; `<app>.localhost` needs no DNS this way.
 * @param {import('./settings.mjs').Settings['chosen']} chosen
 * @returns {Promise<string>} the first line of its answer
 */
function askApp({ BERTH_DOMAIN, BERTH_APPS_PORT }) {
  return new Promise((resolve, reject) => {
    const headers = { host: `${name}.${BERTH_DOMAIN}:${BERTH_APPS_PORT}` };
    const sent = request({ host: '127.0.0.1', port: BERTH_APPS_PORT, headers, timeout: 5000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text.trim().split('\n')[0]?.slice(0, 80) ?? '');
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    sent
      .on('timeout', () => sent.destroy(new Error('no answer in 5 s')))
      .on('error', reject)
      .end();
  });
}

import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from './credentials.js';

/** One call of the Platform API as the first admin. */
export async function askApi(method: string, path: string, body?: unknown) {
  const response = await fetch(new URL(path, credentials.apiUrl), {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${credentials.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** A git repository with one commit of a folder's files, without what is only for tests. `remove` deletes it. */
export async function openRepository(source: string) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-'));
  await cp(source, folder, { recursive: true });
  await rm(join(folder, 'expect.json'), { force: true });
  const git = (...args: string[]) => runGit(folder, args);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=first');
  return { folder, git, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Pushes HEAD to an app's main branch with real git; `output` is all that the pusher sees. */
export async function push(folder: string, app: string, ...options: string[]) {
  return runGit(folder, ['push', ...options, `${credentials.gitUrl}/${app}.git`, 'HEAD:refs/heads/main'], true);
}

const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'advice.detachedHead=false'];

/** The environment in which git may push to every app of the first admin. */
export const gitEnv: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_SSL_CAINFO: credentials.caFile,
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'http.extraHeader',
  GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`e2e:${credentials.token}`).toString('base64')}`,
};

/** Runs git in a folder; throws when it fails, unless it may. */
export function runGit(cwd: string, args: string[], mayFail = false): Promise<{ code: number; output: string }> {
  const options = { cwd, env: gitEnv, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile('git', [...identity, ...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      const output = `${stdout}${stderr}`;
      if (code !== 0 && !mayFail) reject(new Error(`git ${args.join(' ')} ended with ${code}:\n${output}`));
      else resolve({ code, output });
    });
  });
}

/** Everything that lies in a repository, and a commit also when nothing changed. */
export async function commit(folder: string, message: string): Promise<void> {
  await runGit(folder, ['add', '--all']);
  await runGit(folder, ['commit', '--quiet', '--allow-empty', `--message=${message}`]);
}

/** One request to an app through the router; `<app>.localhost` needs no DNS this way. */
export async function askApp(webUrl: string, path = '/'): Promise<{ status: number; body: string }> {
  const url = new URL(path, webUrl);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: `${url.pathname}${url.search}`,
        headers: { host: url.host },
        agent: false,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body })).on('error', reject);
      },
    );
    sent.on('error', reject).end();
  });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askApi, askApp } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';
import { type HerokuCli, openHerokuCli, runCommand } from './heroku-cli.js';

// Every command that the Heroku CLI and Berth share, in the order of a first day with an app.
// Each test goes on where the one before it stopped.

/** Of the last try to make one. */
let app = '';
/** The version of its first push. */
let firstVersion = 0;
let heroku: HerokuCli;
let source: string;

beforeAll(async () => {
  heroku = await openHerokuCli();
  source = join(heroku.home, 'source');
});

afterAll(async () => {
  if (app) await askApi('DELETE', `/apps/${app}`).catch(() => {}); // when a test failed before its end
  await heroku?.remove();
});

/** A web process that says its release and config, a worker, and a release phase; no dependencies. */
async function writeSource(greeting: string): Promise<void> {
  await mkdir(source, { recursive: true });
  const server = `
    const { createServer } = require('node:http');
    createServer((_, response) => response.end('${greeting} ' + process.env.GREETING)).listen(process.env.PORT);
    setInterval(() => console.log('${greeting} is still here'), 1000);`;
  await writeFile(join(source, 'server.js'), server);
  await writeFile(join(source, 'package.json'), '{ "name": "cli-test", "version": "1.0.0", "private": true }\n');
  const procfile = ['web: node server.js', 'worker: node server.js worker', 'release: echo "migrated for $GREETING"'];
  await writeFile(join(source, 'Procfile'), `${procfile.join('\n')}\n`);
}

async function git(...args: string[]): Promise<string> {
  const options = { env: heroku.env, cwd: source };
  const { code, stdout, stderr } = await runCommand(['git', ...args], options);
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

async function commit(message: string): Promise<void> {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  await git('add', '--all');
  await git(...author, 'commit', '--quiet', '--allow-empty', '--message', message);
}

const word = () => Math.random().toString(36).slice(2, 8);
const stdoutOf = async (...args: string[]) => (await heroku.run(...args)).stdout;
/** What the CLI says of an error, which it wraps and marks. */
const said = ({ stderr }: { stderr: string }) => stderr.replaceAll(/[›\s]+/g, ' ');
const versionOf = (text: string) => Number(/\bv(\d+)\b/.exec(text)?.[1]);

describe('an app without a release', () => {
  test('auth:whoami says who the token belongs to', async () => {
    expect(await stdoutOf('auth:whoami')).toBe(`${credentials.email}\n`);
  });

  test('a wrong token is told so', async () => {
    const options = { env: { ...heroku.env, HEROKU_API_KEY: 'wrong' }, cwd: heroku.home };
    const { code, stderr } = await runCommand(['heroku', 'apps'], options);
    expect(code).not.toBe(0);
    expect(stderr).toContain('The token provided to HEROKU_API_KEY is invalid');
  });

  test('apps:create makes it, apps lists it, apps:info describes it', async () => {
    app = `cli-${word()}`;
    const created = await stdoutOf('apps:create', app, '--no-remote');
    const gitUrl = `${credentials.gitUrl}/${app}.git`;
    expect(created).toContain(gitUrl);
    const [list, info] = await Promise.all([stdoutOf('apps'), stdoutOf('apps:info', '--app', app)]);
    expect(list).toMatch(new RegExp(`^${app}$`, 'm'));
    expect(info).toContain(gitUrl);
    expect(info).toContain(credentials.email);
  });

  test('a name that is taken, and an app that is not there, are answered in one sentence', async () => {
    const [taken, missing] = await Promise.all([
      heroku.fail('apps:create', app, '--no-remote'),
      heroku.fail('apps:info', '--app', 'no-such-app-here'),
    ]);
    expect(taken.stderr).toContain('taken');
    expect(missing.stderr).toContain("Couldn't find that app");
  });

  test('git:remote adds the remote to push to', async () => {
    await writeSource('first');
    await git('init', '--quiet', '--initial-branch=main');
    const options = { env: heroku.env, cwd: source };
    const { code, stderr } = await runCommand(['heroku', 'git:remote', '--app', app], options);
    expect(code, stderr).toBe(0);
    expect(await git('remote', 'get-url', 'heroku')).toBe(`${credentials.gitUrl}/${app}.git\n`);
  });

  test('config:set, config, config:get and config:unset', async () => {
    const set = await heroku.run('config:set', 'GREETING=hello', 'SPARE=two words', '--app', app);
    expect(set.stdout + set.stderr).toContain(`restarting`);
    expect(await stdoutOf('config:get', 'GREETING', '--app', app)).toBe('hello\n');
    expect(await stdoutOf('config', '--app', app)).toMatch(/SPARE:\s+two words/);
    await heroku.run('config:unset', 'SPARE', '--app', app);
    expect(await stdoutOf('config', '--app', app, '--json')).toBe('{\n  "GREETING": "hello"\n}\n');
  });

  test('buildpacks:set, add, remove and clear', async () => {
    await heroku.run('buildpacks:set', 'heroku/nodejs', '--app', app);
    await heroku.run('buildpacks:add', 'https://git.example/me/pack.git', '--index', '1', '--app', app);
    const list = await stdoutOf('buildpacks', '--app', app);
    expect(list).toMatch(/1\. https:\/\/git\.example\/me\/pack\.git\n2\. heroku\/nodejs/);
    await heroku.run('buildpacks:remove', 'https://git.example/me/pack.git', '--app', app);
    expect(await stdoutOf('buildpacks', '--app', app)).toContain('heroku/nodejs');
    await heroku.run('buildpacks:clear', '--app', app);
    const unknown = await heroku.fail('buildpacks:set', 'heroku/cobol', '--app', app);
    expect(said(unknown)).toContain('names no buildpack that there is here; there are heroku/nodejs');
    const second = await heroku.run('buildpacks:set', 'heroku/nodejs', '--app', app);
    expect(second.stdout).toContain('Buildpack set');
    const both = await heroku.fail('buildpacks:add', 'heroku/python', '--app', app);
    expect(said(both)).toContain("Two of Berth's own buildpacks in one app");
    await heroku.run('buildpacks:clear', '--app', app);
  });

  test('keys:add, keys and keys:remove', async () => {
    const comment = `${word()}@laptop`;
    const path = join(heroku.home, comment);
    const keygen = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path] as const;
    expect((await runCommand([...keygen], { env: heroku.env, cwd: heroku.home })).code).toBe(0);
    await heroku.run('keys:add', `${path}.pub`);
    expect(await stdoutOf('keys')).toContain(comment);
    await heroku.run('keys:remove', comment);
    expect(await stdoutOf('keys')).not.toContain(comment);
  });

  test('maintenance:on and maintenance:off', async () => {
    await heroku.run('maintenance:on', '--app', app);
    expect(await stdoutOf('maintenance', '--app', app)).toBe('on\n');
    await heroku.run('maintenance:off', '--app', app);
    expect(await stdoutOf('maintenance', '--app', app)).toBe('off\n');
  });
});

describe('an app with releases', () => {
  test('git push with the credentials of the CLI puts it live', async () => {
    await commit('First');
    const output = await git('push', 'heroku', 'main');
    expect(output).toContain(`http://${app}.`);
    expect(await visit()).toBe('200 first hello');
    firstVersion = versionOf(await stdoutOf('releases:info', '--app', app));
  });

  test('releases and releases:info show it, releases:output what its release phase printed', async () => {
    const [list, info, output] = await Promise.all([
      stdoutOf('releases', '--app', app),
      stdoutOf('releases:info', '--app', app),
      stdoutOf('releases:output', '--app', app),
    ]);
    expect(list).toContain(credentials.email);
    expect(info).toMatch(/GREETING:?\s+hello/);
    expect(output).toContain('\nmigrated for hello\n');
  });

  test('ps shows its web process, ps:scale starts and stops more', async () => {
    const ps = () => stdoutOf('ps', '--app', app);
    expect(await ps()).toMatch(/web\.1: up/);
    const scaled = await heroku.run('ps:scale', 'web=2', 'worker+1', '--app', app);
    expect(scaled.stdout + scaled.stderr).toContain('web at 2:Standard-1X');
    await eventually(ps, /web\.1: up[\s\S]*web\.2: up[\s\S]*worker\.1: up/);
    await heroku.run('ps:scale', 'web=1', 'worker=0', '--app', app);
    await eventually(ps, /^(?![\s\S]*(web\.2|worker\.1): (up|starting))/);
    expect((await heroku.fail('ps:scale', 'nothing=1', '--app', app)).stderr).toContain('nothing');
  });

  test('ps:restart replaces one dyno and all of them', async () => {
    const dynos = async () => JSON.parse(await stdoutOf('ps', '--app', app, '--json')) as Dyno[];
    const [before] = await dynos();
    await heroku.run('ps:restart', '--app', app);
    await eventually(async () => describeOthers(await dynos(), before), /up/);
    const [between] = (await dynos()).filter(({ state }) => state === 'up');
    await heroku.run('ps:restart', '--dyno-name', 'web.1', '--app', app);
    await eventually(async () => describeOthers(await dynos(), between), /up/);
  });

  test('logs prints lines of the app and of Berth, logs --tail goes on', async () => {
    const logs = await stdoutOf('logs', '--app', app, '--num', '500');
    expect(logs).toMatch(/app\[web\.1\]: first is still here/);
    expect(logs).toMatch(/berth\[api\]: Release v\d+ created by/);
    expect(await stdoutOf('logs', '--app', app, '--source', 'app')).not.toContain('berth[');
    expect(await stdoutOf('logs', '--app', app, '--process-type', 'worker')).not.toContain('[web.1]');
    const seen = await heroku.watch(['logs', '--app', app, '--tail', '--num', '1'], /(still here[\s\S]*){3}/);
    expect(seen).toContain('app[web.1]');
  });

  test('rollback brings the version before back', async () => {
    await writeSource('second');
    await commit('Second');
    await git('push', 'heroku', 'main');
    expect(await visit()).toBe('200 second hello');
    const rolledBack = await heroku.run('rollback', `v${firstVersion}`, '--app', app);
    expect(rolledBack.stdout).toContain('migrated for hello');
    await eventually(visit, /^200 first/);
    expect(await stdoutOf('releases', '--app', app)).toContain(`Rollback to v${firstVersion}`);
  });

  test('maintenance:on closes its door', async () => {
    await heroku.run('maintenance:on', '--app', app);
    await eventually(visit, /^503/);
    await heroku.run('maintenance:off', '--app', app);
    await eventually(visit, /^200/);
  });

  test('pipelines:create, add, info, promote, rename, remove and destroy', async () => {
    const [pipeline, next] = [`pipe-${word()}`, `next-${word()}`];
    await heroku.run('apps:create', next, '--no-remote');
    try {
      await heroku.run('pipelines:create', pipeline, '--app', app, '--stage', 'production');
      const wrong = await heroku.fail('pipelines:update', '--stage', 'development', '--app', app);
      expect(said(wrong)).toContain('what runs does not move');
      await heroku.run('pipelines:add', pipeline, '--app', next, '--stage', 'development');
      expect(await stdoutOf('pipelines')).toContain(pipeline);
      const info = await stdoutOf('pipelines:info', pipeline);
      expect(info).toMatch(new RegExp(`${next}\\s+development[\\s\\S]*${app}\\s+production`));
      const backwards = await heroku.fail('pipelines:promote', '--app', app, '--to', next);
      expect(said(backwards)).toContain('does not come after');
      const nothing = await heroku.fail('pipelines:promote', '--app', next, '--to', app);
      expect(said(nothing)).toContain('has no live release to promote');
      await heroku.run('pipelines:rename', pipeline, `${pipeline}2`);
      await heroku.run('pipelines:remove', '--app', next);
      await heroku.run('pipelines:destroy', `${pipeline}2`);
      expect(await stdoutOf('pipelines')).not.toContain(pipeline);
    } finally {
      await askApi('DELETE', `/apps/${next}`);
      for (const name of [pipeline, `${pipeline}2`]) await askApi('DELETE', `/pipelines/${name}`).catch(() => {});
    }
  });

  test('pipelines:promote carries what runs to the next stage, and says for whom production waits', async () => {
    const service = `svc-${word()}`;
    const made = await askApi('POST', '/pipelines', { name: service, apps: ['daily', 'qa', 'production'] });
    const { apps } = made as { apps: { id: string; name: string }[] };
    try {
      await git('push', `${credentials.gitUrl}/default/${service}.git`, 'main');
      const promoted = await heroku.run('pipelines:promote', '--app', `${service}-daily`);
      expect(promoted.stdout).toContain('Promotion successful');
      expect(promoted.stdout).toMatch(new RegExp(`${service}-qa:\\s+succeeded`));
      const waiting = await heroku.fail('pipelines:promote', '--app', `${service}-qa`);
      expect(waiting.stdout).toContain('waits for the approval of a second person');
    } finally {
      for (const { name } of apps) await askApi('DELETE', `/apps/${name}`);
      await askApi('DELETE', `/pipelines/${made.id}`);
    }
  });

  test('apps:destroy removes it', async () => {
    await heroku.run('apps:destroy', '--app', app, '--confirm', app);
    expect(await stdoutOf('apps')).not.toContain(app);
  });
});

interface Dyno {
  id: string;
  state: string;
}

const describeOthers = (dynos: Dyno[], old: Dyno | undefined) =>
  dynos
    .filter(({ id }) => id !== old?.id)
    .map(({ state }) => state)
    .join();

/** Status and body of the app's first page. */
async function visit(): Promise<string> {
  const { status, body } = await askApp((await askApi('GET', `/apps/${app}`)).web_url);
  return `${status} ${body}`;
}

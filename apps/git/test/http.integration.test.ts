import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseHistory } from '@berth/domain/commit-history';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addApp, addPerson, type Clone, makeClone, openWorld, type World } from './open-world.js';

let world: World;
let ann: Awaited<ReturnType<typeof addPerson>>;
let clone: Clone;
let app: Awaited<ReturnType<typeof addApp>>;
let url: string;
let count = 0;

beforeAll(async () => {
  world = await openWorld({ BERTH_REPOSITORY_MAX_BYTES: String(16 * 1024 * 1024) });
  ann = await addPerson(world, 'ann');
}, 60_000);
afterAll(() => world?.close(), 30_000);

beforeEach(async () => {
  count += 1;
  app = await addApp(world, ann, `hello-${count}`);
  clone = await makeClone(world, `clone-${count}`);
  url = world.urlOf(ann.token, app.name);
});

/** Without prefix git names the HEAD of a namespace twice. */
const refs = async () => [...new Set((await clone.must(['ls-remote', url])).split('\n').filter(Boolean))];
const push = (...refspecs: string[]) => clone.git(['push', url, ...refspecs]);

describe('a push to the deploy branch', () => {
  test('is built and released, prints the output and the URL, and moves the branch', async () => {
    const commit = await clone.commit('first');
    const { code, output } = await push('main');
    expect(output).toContain(`remote: -----> Received ${commit.slice(0, 7)} for ${app.name}`);
    expect(output).toContain('remote: -----> Building first');
    expect(output).toContain('Released v1');
    expect(output).toContain(`http://${app.name}.localhost:8080/ deployed`);
    expect(code).toBe(0);
    expect(await refs()).toEqual([`${commit}\tHEAD`, `${commit}\trefs/heads/main`]);
    expect((await push('main')).output).toContain('Everything up-to-date');
  });

  test('stores the commits of it, and the archive of the last one in the registry, without what .gitattributes excludes', async () => {
    const before = await clone.commit('before');
    const commit = await clone.commit('archive', {
      'index.js': '// kept in the source\n',
      'notes.txt': 'left out of the source\n',
      '.gitattributes': 'notes.txt export-ignore\n',
    });
    expect((await push('main')).code).toBe(0);
    const source = await world.platform.db.source.findFirstOrThrow({ where: { commit } });
    expect(parseHistory(source.history)).toMatchObject([
      { commit, message: 'archive' },
      { commit: before, message: 'before' },
    ]);
    const blob = await world.registry.getBlob(`source/${app.repositoryId}`, source.digest);
    const tar = gunzipSync(await buffer(blob!)).toString('latin1');
    expect(tar).toContain('kept in the source');
    expect(tar).not.toContain('left out of the source');
  });

  test('whose build fails is refused with its sentence and leaves the branch', async () => {
    const good = await clone.commit('good');
    await push('main');
    await clone.commit('fail build');
    const { code, output } = await push('main');
    expect(output).toContain('! [remote rejected] main -> main (The build script failed.)');
    expect(output).toContain('v1 goes on serving.');
    expect(output).toContain(`Full log: http://dashboard.localhost:5000/apps/${app.name}`);
    expect(code).toBe(1);
    expect(await refs()).toContain(`${good}\trefs/heads/main`);
  });

  test('whose release fails is refused with its sentence and leaves no branch', async () => {
    await clone.commit('fail release');
    const { output } = await push('main');
    expect(output).toContain('(web.1 crashed.)');
    expect(output).not.toContain('goes on serving');
    expect(await refs()).toEqual([]);
  });

  test('goes on when the connection is cut, and the branch is there as soon as it is released', async () => {
    const commit = await clone.commit('hold cut');
    const client = spawn('git', ['push', url, 'main'], {
      cwd: clone.dir,
      env: clone.env,
      detached: true,
      stdio: 'ignore',
    });
    await world.deployer.hasStarted(commit);
    process.kill(-client.pid!, 'SIGKILL');
    await once(client, 'exit');
    expect(await refs()).toEqual([]);
    world.deployer.release();
    await expect.poll(refs).toContain(`${commit}\trefs/heads/main`);
    expect((await push('main')).output).toContain('Everything up-to-date');
  });

  test('that is superseded is told which push won', async () => {
    const first = await clone.commit('hold old');
    const loser = push('main');
    await world.deployer.hasStarted(first);
    const second = await clone.commit('hold new');
    const winner = push('main');
    await expect.poll(() => world.platform.db.push.count({ where: { appId: app.id } })).toBe(2);
    world.deployer.release();
    expect((await loser).output).toContain(`Superseded by the newer push of ${second.slice(0, 8)}`);
    await world.deployer.hasStarted(second);
    world.deployer.release();
    expect((await winner).code).toBe(0);
    expect(await refs()).toContain(`${second}\trefs/heads/main`);
  });

  test('may be forced', async () => {
    await clone.commit('one');
    await push('main');
    await clone.must(['commit', '-q', '--amend', '-m', 'two']);
    expect((await push('main')).output).toContain('non-fast-forward');
    expect((await push('+main')).code).toBe(0);
    expect(await refs()).toContain(`${await clone.must(['rev-parse', 'HEAD'])}\trefs/heads/main`);
  });

  test('may not delete it', async () => {
    const commit = await clone.commit('kept');
    await push('main');
    expect((await push(':main')).output).toContain("main is the app's deploy branch; it cannot be deleted.");
    expect(await refs()).toContain(`${commit}\trefs/heads/main`);
  });

  test('is told when the process is stopped, and its branch moves after the next start', async () => {
    const commit = await clone.commit('hold restart');
    const pushed = push('main');
    await world.deployer.hasStarted(commit);
    await world.restart();
    expect((await pushed).output).toContain('Berth is being restarted: the build goes on');
    world.deployer.release();
    url = world.urlOf(ann.token, app.name);
    await expect.poll(refs).toContain(`${commit}\trefs/heads/main`);
  });
});

describe('other refs', () => {
  test('are stored, not built, and the pusher is told; they may be deleted', async () => {
    const commit = await clone.commit('x');
    const { code, output } = await push('main:feature', 'main:refs/tags/v1');
    expect(code).toBe(0);
    expect(output).toContain(`remote: Branch feature is stored, not built: ${app.name} deploys from main or master.`);
    expect(await refs()).toEqual([`${commit}\trefs/heads/feature`, `${commit}\trefs/tags/v1`]);
    expect(await world.platform.db.build.count({ where: { appId: app.id } })).toBe(0);
    expect((await push(':feature')).code).toBe(0);
    expect(await refs()).toEqual([`${commit}\trefs/tags/v1`]);
  });

  test('of one push are answered one by one', async () => {
    await clone.commit('fail build');
    const { output } = await push('main', 'main:next', 'main:refs/tags/t1');
    expect(output).toContain('! [remote rejected] main -> main (The build script failed.)');
    expect(output).toContain('* [new branch]      main -> next');
    expect(output).toContain('* [new tag]         main -> t1');
  });

  test('whose name git cannot keep beside another are refused in a sentence', async () => {
    await clone.commit('x');
    await push('main:a');
    expect((await push('main:a/b')).output).toContain('git cannot keep a/b beside a.');
    expect((await push('main:c')).code).toBe(0);
  });
});

test('two apps of one repository share objects and not refs', async () => {
  const other = await addApp(world, ann, `${app.name}-qa`, app.repositoryId);
  const commit = await clone.commit('shared');
  await push('main');
  expect(await clone.must(['ls-remote', world.urlOf(ann.token, other.name)])).toBe('');
  expect((await clone.git(['push', world.urlOf(ann.token, other.name), 'main'])).code).toBe(0);
  expect(await refs()).toEqual([`${commit}\tHEAD`, `${commit}\trefs/heads/main`]);
});

test('a clone gets the deploy branch, by either form of the URL', async () => {
  await clone.commit('cloned', { 'a.txt': 'a' });
  await push('main');
  const byTeam = url.replace(`/${app.name}.git`, `/ann/${app.name}.git`);
  expect((await clone.git(['clone', '-q', byTeam, 'copy'])).code).toBe(0);
  expect(await clone.must(['-C', 'copy', 'log', '--format=%s %D'])).toContain('cloned HEAD -> main');
});

describe('is refused in one plain sentence:', () => {
  test('no token, a wrong token', async () => {
    await clone.commit('x');
    const bare = url.replace(/any:.*@/, '');
    expect((await clone.git(['push', bare, 'main'])).output).toContain('could not read Username');
    const wrong = await clone.git(['push', bare.replace('//', '//any:wrong@'), 'main']);
    expect(wrong.output).toContain('remote: This API token is not valid (any more).');
    expect(wrong.output).toContain('Authentication failed');
    const answer = await fetch(`${bare}/info/refs?service=git-receive-pack`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Berth", charset="UTF-8"',
    ]);
  });

  test("an unknown app, and another team's app, in the same words", async () => {
    await clone.commit('x');
    const bob = await addPerson(world, `bob-${count}`);
    for (const target of [world.urlOf(ann.token, 'nosuchapp'), world.urlOf(bob.token, app.name)])
      expect((await clone.git(['push', target, 'main'])).output).toContain("remote: Couldn't find that app:");
  });

  test('a viewer, who may fetch', async () => {
    await clone.commit('x');
    const eve = await addPerson(world, `eve-${count}`, { teamId: ann.teamId, role: 'viewer' });
    const { output } = await clone.git(['push', world.urlOf(eve.token, app.name), 'main']);
    expect(output).toContain('remote: Your role in team ann (viewer) does not allow this.');
    expect((await clone.git(['ls-remote', world.urlOf(eve.token, app.name)])).code).toBe(0);
  });

  test('a commit without files', async () => {
    await clone.commit('nothing', {});
    expect((await push('main')).output).toContain('(This commit has no files: add your app to it and push again.)');
  });

  test('submodules', async () => {
    await clone.commit('x');
    const head = await clone.must(['rev-parse', 'HEAD']);
    await clone.must(['update-index', '--add', '--cacheinfo', `160000,${head},vendor/lib`]);
    await clone.must(['commit', '-q', '-m', 'submodule']);
    expect((await push('main')).output).toContain(
      '(vendor/lib is a git submodule, and Berth does not fetch submodules',
    );
  });

  test('Git LFS pointers', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
    await clone.commit('lfs', { 'a.txt': 'a', 'big/model.bin': pointer, 'z.txt': 'z' });
    expect((await push('main')).output).toContain('(big/model.bin is a Git LFS pointer');
  });

  test('more than the repository may hold, in one request and in chunks', async () => {
    await clone.commit('big', { 'random.bin': randomBytes(18 * 1024 * 1024) });
    for (const postBuffer of ['1m', '64m']) {
      const { output } = await clone.git(['-c', `http.postBuffer=${postBuffer}`, 'push', url, 'main']);
      expect(output).toContain('The repository would be larger than 16 MiB, the limit for one repository.');
    }
    expect(await refs()).toEqual([]);
  });
});

test('a push that fits is taken in one request and in chunks, and a large fetch too', async () => {
  await clone.commit('large', { 'random.bin': randomBytes(12 * 1024 * 1024) });
  expect((await clone.git(['-c', 'http.postBuffer=1m', 'push', url, 'main'])).code).toBe(0);
  expect((await clone.git(['clone', '-q', url, 'copy'])).code).toBe(0);
  await expect(clone.must(['-C', 'copy', 'fsck'])).resolves.toBeDefined();
});

test('kill -9 of git in the middle of a push refuses it and leaves nothing; the next one works', async () => {
  const commit = await clone.commit('hold killed');
  const pushed = push('main');
  await world.deployer.hasStarted(commit);
  const pids = await gitProcessesOf(app.repositoryId);
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  expect((await pushed).code).not.toBe(0);
  expect(await refs()).toEqual([]);
  world.deployer.release();
  await expect.poll(refs).toContain(`${commit}\trefs/heads/main`);
});

test('a body that is no gzip, and one that breaks off, end git', async () => {
  const [base, authorization] = [url.replace(/any:.*@/, ''), `Basic ${btoa(`any:${ann.token}`)}`];
  for (const service of ['git-receive-pack', 'git-upload-pack']) {
    const headers = { authorization, 'content-type': `application/x-${service}-request`, 'content-encoding': 'gzip' };
    const post = (body: Uint8Array<ArrayBuffer>) =>
      fetch(`${base}/${service}`, { method: 'POST', headers, body }).then(
        (response) => response.text().catch(() => 'cut'),
        () => 'cut',
      );
    await post(Buffer.from('no gzip'));
    await post(gzipSync(Buffer.from('0098want')).subarray(0, 12));
    await expect.poll(() => gitProcessesOf(app.repositoryId)).toEqual([]);
  }
});

async function gitProcessesOf(repositoryId: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cmdline = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (/^git\0(receive|upload)-pack/.test(cmdline) && cmdline.includes(repositoryId)) found.push(Number(pid));
  }
  return found;
}

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, remoteOf } from './berth.mjs';
import { openDeployScript } from './deploy-script.mjs';
import { openDockerSide } from './languages/docker-side.mjs';
import { interleave, median, row, timed, untilAnswer } from './measure.mjs';

const runs = 5;
const source = fileURLToPath(new URL('./app', import.meta.url));
/** Small packages without dependencies: each run adds another one, so that its dependencies were never seen. */
const packages = [
  'ms@2.1.3',
  'kleur@4.1.5',
  'dequal@2.0.3',
  'klona@2.0.6',
  'picocolors@1.1.1',
  'nanoid@5.0.9',
  'mri@1.2.0',
  'sade@1.8.1',
  'uvu@0.5.6',
  'clsx@2.1.1',
  'just-once@2.2.0',
  'p-map@7.0.3',
];

function makeWorkTree() {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-app-'));
  cpSync(source, folder, { recursive: true });
  const git = (...argv) => execFileSync('git', argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '-q', '-b', 'main');
  let version = 0;
  return {
    folder,
    /** Commits a change of the code alone, or of the dependencies too; returns the version that must answer. */
    change: (addedPackage) => {
      version += 1;
      const name = `v${version}-${Date.now()}`;
      if (addedPackage)
        execFileSync('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', addedPackage], {
          cwd: folder,
          stdio: 'ignore',
        });
      writeFileSync(
        join(folder, 'server.js'),
        readFileSync(join(source, 'server.js'), 'utf8').replace('VERSION', name),
      );
      git('add', '-A');
      git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', name);
      return name;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Pushes and waits for the new version's answer, ms. `push` and the polling run side by side, as a visitor would see it. */
async function deploy(tree, remote, url, headers, version) {
  const { ms } = await timed(async () => {
    const pushed = spawn('git', ['push', '-q', remote, 'HEAD:main'], {
      cwd: tree.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    pushed.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const failed = new Promise((_, reject) =>
      pushed.on('exit', (code) => code && reject(new Error(`git push ended with ${code}: ${stderr}`))),
    );
    failed.catch(() => {});
    await Promise.race([failed, untilAnswer(url, headers, (text) => text === version)]);
    await new Promise((resolve) => (pushed.exitCode === null ? pushed.on('exit', resolve) : resolve()));
  });
  return ms;
}

async function createBerthApp(name) {
  await api('POST', '/apps', { name });
  return { remote: remoteOf(name), destroy: () => api('DELETE', `/apps/${name}`) };
}

/** Bars 1 to 3: git push → answer, code only, a dependency changed, cold; and rollback → answer. */
export async function benchDeploy(settings) {
  const docker = await openDockerSide(settings);
  const { build: base } = await docker.basesOf('node');
  const script = openDeployScript({ ...settings, ...docker.settings, base });
  const appsUrl = `http://127.0.0.1:${settings.appsPort}/`;
  const stamp = Date.now().toString(36);
  const name = `bench-${stamp}`;
  const ours = makeWorkTree();
  const theirs = makeWorkTree();
  const app = await createBerthApp(name);
  const repository = script.createApp('warm');
  const host = { host: `${name}.localhost` };
  const out = ['| case | median s | range s |', '|---|---|---|'];
  try {
    await deploy(ours, app.remote, appsUrl, host, ours.change());
    await deploy(theirs, repository, script.url, {}, theirs.change());
    const warm = await interleave(runs, {
      berth: () => deploy(ours, app.remote, appsUrl, host, ours.change()),
      script: () => deploy(theirs, repository, script.url, {}, theirs.change()),
    });
    out.push(row('code only, Berth', warm.berth), row('code only, script', warm.script));
    out.push(`| ratio | ${(median(warm.berth) / median(warm.script)).toFixed(2)} | |`);
    const steps = spread(await api('GET', `/apps/${name}/steps`));
    const changed = await interleave(runs, {
      berth: (run) => deploy(ours, app.remote, appsUrl, host, ours.change(packages[run])),
      script: (run) => deploy(theirs, repository, script.url, {}, theirs.change(packages[run])),
    });
    out.push(row('dependency added, Berth', changed.berth), row('dependency added, script', changed.script));
    out.push(`| ratio | ${(median(changed.berth) / median(changed.script)).toFixed(2)} | |`);
    const cold = await benchCold(settings, script, appsUrl, stamp);
    out.push(row('cold, Berth', cold.berth), row('cold, script', cold.script));
    out.push(`| ratio | ${(median(cold.berth) / median(cold.script)).toFixed(2)} | |`);
    out.push(row('rollback', await benchRollback(name, appsUrl, host)));
    return { table: out.join('\n'), steps };
  } finally {
    ours.remove();
    theirs.remove();
    await app.destroy().catch(() => {});
    script.close();
    docker.close();
  }
}

/** Each step of a deploy: when it began after the first one, and how long it took, ms. */
const spread = (steps) =>
  steps.map(({ name, started_at, ended_at }) => {
    const at = (time) => new Date(time).getTime();
    return `${name} ${at(started_at) - at(steps[0].started_at)}+${at(ended_at) - at(started_at)}`;
  });

/** A new app whose dependencies nobody has seen, with the alternative's build cache emptied. */
async function benchCold(settings, script, appsUrl, stamp) {
  return interleave(runs, {
    berth: async (run) => {
      const tree = makeWorkTree();
      const name = `cold${run}-${stamp}`;
      const app = await createBerthApp(name);
      const version = tree.change(packages[runs + run]);
      try {
        return await deploy(tree, app.remote, appsUrl, { host: `${name}.localhost` }, version);
      } finally {
        tree.remove();
        await app.destroy();
      }
    },
    script: async (run) => {
      const tree = makeWorkTree();
      execFileSync(settings.docker, ['builder', 'prune', '-af'], {
        stdio: 'ignore',
        env: { ...process.env, DOCKER_BUILDKIT: '1' },
      });
      const version = tree.change(packages[runs + run]);
      const ms = await deploy(tree, script.createApp(`cold${run}`), script.url, {}, version);
      tree.remove();
      return ms;
    },
  });
}

async function benchRollback(name, appsUrl, host) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const releases = await listReleases(name);
    const current = releases.find((release) => release.current);
    const target = releases.find(
      (release) =>
        release.eligible_for_rollback && release.slug?.id !== current.slug?.id && release.status === 'succeeded',
    );
    let before = '';
    await untilAnswer(appsUrl, host, (text) => {
      before = text;
      return true;
    });
    const { ms } = await timed(async () => {
      await api('POST', `/apps/${name}/releases`, { release: target.id });
      await untilAnswer(appsUrl, host, (text) => text !== before);
    });
    times.push(ms);
    // A visitor sees the switch before the release is written down as succeeded.
    while ((await listReleases(name))[0].status !== 'succeeded')
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}

const listReleases = (name) =>
  api('GET', `/apps/${name}/releases`, undefined, { range: 'version ..; order=desc,max=10' });

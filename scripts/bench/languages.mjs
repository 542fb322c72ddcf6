import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, remoteOf } from './berth.mjs';
import { languageApps } from './languages/apps.mjs';
import { openDockerSide } from './languages/docker-side.mjs';
import { writeFiles } from './languages/write-files.mjs';
import { bytesOf, interleave, median, timed, untilAnswer } from './measure.mjs';

/** BENCH_LANGUAGES=python,go: only these; BENCH_RUNS: of each side and case. */
const wanted = process.env.BENCH_LANGUAGES?.split(',');
const runs = Number(process.env.BENCH_RUNS ?? 3);
/** Before each run: what Berth prepares for the next build, and what Docker cleans up, is done by then, as between two pushes. */
const pauseMs = 5_000;

/**
 * Issue 4's bars 1 and 2: per language a cold build, one with nothing but the code changed, and one with a dependency more;
 * git push → answer here, `docker build` + push + run → answer there; bytes that each put into its registry; image sizes.
 */
export async function benchLanguages(settings) {
  const docker = await openDockerSide(settings);
  const out = [
    '| language | case | Berth s | docker s | ratio | Berth kB pushed | docker kB pushed |',
    '|---|---|---|---|---|---|---|',
  ];
  const sizes = ['| language | Berth image MB | docker image MB |', '|---|---|---|'];
  try {
    for (const [language, app] of Object.entries(languageApps)) {
      if (wanted && !wanted.includes(language)) continue;
      const result = await benchLanguage(settings, docker, language, app).catch((error) => ({ error }));
      if (result.error) out.push(`| ${language} | failed: ${String(result.error.message).split('\n')[0]} | | | | | |`);
      else {
        out.push(...result.rows);
        sizes.push(`| ${language} | ${megabytes(result.sizes.berth)} | ${megabytes(result.sizes.docker)} |`);
      }
    }
  } finally {
    docker.close();
  }
  return { table: [...out, '', ...sizes].join('\n') };
}

async function benchLanguage(settings, docker, language, app) {
  const images = await docker.basesOf(app.runtime, app.version);
  const rows = [];
  const last = { berth: undefined, docker: undefined };
  const measure = async (name, of) => {
    const bytes = { berth: [], docker: [] };
    const counted = (side, run) => async () => {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const before = await registryBytes(settings, docker, side);
      const { ms } = await timed(run);
      bytes[side].push((await registryBytes(settings, docker, side)) - before);
      return ms;
    };
    const times = await interleave(runs, {
      berth: async (run) => counted('berth', await of.berth(run))(),
      docker: async (run) => counted('docker', await of.docker(run))(),
    });
    const [ours, theirs] = [median(times.berth), median(times.docker)];
    const seconds = (ms) => (ms / 1000).toFixed(2);
    const kB = (list) => Math.round(median(list) / 1000).toLocaleString('en');
    rows.push(
      `| ${language} | ${name} | ${seconds(ours)} | ${seconds(theirs)} | ${(ours / theirs).toFixed(2)} | ${kB(bytes.berth)} | ${kB(bytes.docker)} |`,
    );
  };
  const cleanup = [];
  try {
    await measure('cold', {
      berth: async (run) => {
        const side = await openBerthSide(settings, `${language}-${run}`);
        cleanup.push(side.destroy);
        last.berth = side;
        const version = side.write(app.files);
        return () => side.deploy(version);
      },
      docker: async (run) => {
        docker.forgetBuilds();
        const side = docker.openApp(`${language}-${run}`, app, images);
        last.docker = side;
        const version = side.write(app.files);
        return () => side.deploy(version);
      },
    });
    const changed = (side, files) => async (run) => {
      const version = last[side].write(files(run));
      return () => last[side].deploy(version);
    };
    const same = () => app.files;
    await measure('code changed', { berth: changed('berth', same), docker: changed('docker', same) });
    const sizes = { berth: await last.berth.imageBytes(), docker: await last.docker.imageBytes() };
    if (app.add) {
      const more = (run) => app.add(app.files, run);
      await measure('dependency added', { berth: changed('berth', more), docker: changed('docker', more) });
    }
    return { rows, sizes };
  } finally {
    for (const destroy of cleanup) await destroy().catch(() => {});
    docker.stopApps();
  }
}

/** An app of the running Berth, in a git repository of its own. */
async function openBerthSide({ appsPort }, name) {
  const app = `bl-${name}-${Date.now().toString(36)}`.slice(0, 30);
  await api('POST', '/apps', { name: app });
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  const git = (...argv) => execFileSync('git', argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '-q', '-b', 'main');
  let count = 0;
  return {
    write: (files) => {
      count += 1;
      const version = `v${count}-${Date.now()}`;
      writeFiles(folder, files, version);
      git('add', '-A');
      git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', version);
      return version;
    },
    deploy: async (version) => {
      git('push', '-q', remoteOf(app), 'HEAD:main');
      await untilAnswer(
        `http://127.0.0.1:${appsPort}/`,
        { host: `${app}.localhost` },
        (text) => text.trim() === version,
      );
    },
    /** Packed, as they travel. */
    imageBytes: async () => {
      return (await api('GET', `/apps/${app}`)).slug_size;
    },
    destroy: async () => {
      await api('DELETE', `/apps/${app}`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What lies in a registry now, bytes: what a push adds is what had to travel. */
async function registryBytes({ docker, instance }, dockerSide, side) {
  if (side === 'docker') return dockerSide.registryBytes();
  const names = execFileSync(docker, ['ps', '--format', '{{.Names}}']).toString().split('\n');
  const name = names.find((one) => one === `${instance}_registry_1` || one === `${instance}-registry-1`);
  return bytesOf(execFileSync(docker, ['exec', name, 'du', '-sb', '/var/lib/berth/registry']));
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

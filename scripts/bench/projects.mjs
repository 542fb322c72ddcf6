import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, remoteOf } from './berth.mjs';
import { row, timed, untilAnswer } from './measure.mjs';

const runs = Number(process.env.BENCH_PROJECTS ?? 10);
const salt = Date.now().toString(36);
const services = ['web', 'cart', 'users'].map((name) => `${name}-${salt}`);
const branch = 'bench';

/**
 * Issue 5's bar 1: a project environment of three services, from its request until each URL answers: from images that there
 * are (3 s at the most), and with builds of one commit each (the slowest build and 3 s).
 */
export async function benchProjects({ appsPort }) {
  const times = { 'images there': [], 'with builds, over the slowest build': [], destroyed: [] };
  const folder = mkdtempSync(join(tmpdir(), 'berth-projects-'));
  try {
    const base = await makeBase(folder);
    for (let run = 0; run < runs; run++) {
      const ready = await measure(base, appsPort, `a${run}-${salt}`, {});
      times['images there'].push(ready.ms);
      times.destroyed.push(ready.destroyedMs);
      for (const service of services) commitAndPush(folder, service, branch, `run ${run}`);
      const built = await measure(base, appsPort, `b${run}-${salt}`, { branch });
      times['with builds, over the slowest build'].push(built.ms - built.slowestBuildMs);
      process.stdout.write('.');
    }
    process.stdout.write('\n');
    const lines = Object.entries(times).map(([name, of]) => row(name, of));
    return { table: ['| three services | median s | range |', '|---|---|---|', ...lines].join('\n') };
  } finally {
    for (const service of services) await api('DELETE', `/apps/${service}`).catch(() => {});
    for (const { id, name } of await api('GET', '/pipelines').catch(() => []))
      if (services.includes(name)) await api('DELETE', `/pipelines/${id}`).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each service live in the base, in its pipeline. Returns the base's name. */
async function makeBase(folder) {
  cpSync(fileURLToPath(new URL('./app', import.meta.url)), folder, { recursive: true });
  rmSync(join(folder, 'Dockerfile'), { force: true });
  git(folder, 'init', '-q', '-b', 'main');
  for (const service of services) {
    const app = await api('POST', '/apps', { name: service });
    const { id } = await api('POST', '/pipelines', { name: service });
    await api('POST', '/pipeline-couplings', { app: app.id, pipeline: id, stage: 'production' });
    commitAndPush(folder, service, 'main', 'first');
  }
  const stages = await api('GET', '/teams/default/environments');
  return stages.at(-1).name;
}

function commitAndPush(folder, service, to, message) {
  writeFileSync(join(folder, 'note.txt'), `${service} ${message}\n`);
  git(folder, 'add', '-A');
  git(folder, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', message);
  git(folder, 'push', '-q', '-f', remoteOf(`default/${service}`), `HEAD:refs/heads/${to}`);
}

const git = (folder, ...argv) => execFileSync('git', argv, { cwd: folder, stdio: 'ignore' });

async function measure(base, appsPort, name, wish) {
  const url = `http://127.0.0.1:${appsPort}/`;
  const { ms } = await timed(async () => {
    await api('POST', '/environments', { name, base, services: services.map((service) => ({ service, ...wish })) });
    await Promise.all(
      services.map((service) => untilAnswer(url, { host: `${service}--${name}.localhost` }, () => true, 120_000)),
    );
  });
  const { services: made, id } = await api('GET', `/environments/${name}`);
  const builds = await Promise.all(
    made.flatMap(({ app, build }) => (build ? [api('GET', `/apps/${app.name}/builds/${build.id}`)] : [])),
  );
  const lasted = builds.map(({ created_at, updated_at }) => Date.parse(updated_at) - Date.parse(created_at));
  const { ms: destroyedMs } = await timed(async () => {
    await api('DELETE', `/environments/${name}`);
    const left = () =>
      execFileSync('docker', ['network', 'ls', '-q', '--filter', `label=berth.environment=${id}`]).toString();
    while (left() !== '') await new Promise((resolve) => setTimeout(resolve, 100));
  });
  return { ms, destroyedMs, slowestBuildMs: Math.max(0, ...lasted) };
}

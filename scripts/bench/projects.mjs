import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base } from '../../examples/shop/lay-out.mjs';
import { api } from './berth.mjs';
import { row, timed, untilAnswer } from './measure.mjs';
import { berth, withShop } from './shop.mjs';

const runs = Number(process.env.BENCH_PROJECTS ?? 10);
/** Of the shop's six; in three languages. */
const services = ['cart', 'orders', 'users'];
const branch = 'bench';

/**
 * Issue 5's bar 1: a project environment of three of the shop's six services, from its request until each URL answers: from
 * images that there are (3 s at the most), and with builds of one commit each (the slowest build and 3 s).
 */
export const benchProjects = ({ appsPort }) =>
  withShop(async (shop) => {
    const times = { 'images there': [], 'with builds, over the slowest build': [], destroyed: [] };
    for (let run = 0; run < runs; run++) {
      const ready = await measure(shop, appsPort, `a${run}`, {});
      times['images there'].push(ready.ms);
      times.destroyed.push(ready.destroyedMs);
      for (const service of services) await commitAndPush(shop, service, `run ${run}`);
      const built = await measure(shop, appsPort, `b${run}`, { branch });
      times['with builds, over the slowest build'].push(built.ms - built.slowestBuildMs);
      process.stdout.write('.');
    }
    process.stdout.write('\n');
    const lines = Object.entries(times).map(([name, of]) => row(name, of));
    return { table: ['| three services | median s | range |', '|---|---|---|', ...lines].join('\n') };
  });

async function commitAndPush({ team, folder }, service, message) {
  const directory = join(folder, service);
  writeFileSync(join(directory, 'note.txt'), `${message}\n`);
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  execFileSync('git', ['add', '--all'], { cwd: directory });
  execFileSync('git', [...identity, 'commit', '--quiet', `--message=${message}`], { cwd: directory });
  await berth.push(directory, `${team}/${service}`, `HEAD:refs/heads/${branch}`);
}

/** Makes an environment, waits for its URLs, and destroys it. Times in ms. */
async function measure({ team, suffix }, appsPort, name, wish) {
  const environment = `${name}-${suffix}`;
  const url = `http://127.0.0.1:${appsPort}/health`;
  const { ms } = await timed(async () => {
    const wishes = services.map((service) => ({ service, ...wish }));
    await api('POST', '/environments', { name: environment, base, team, services: wishes });
    await Promise.all(
      services.map((service) =>
        untilAnswer(url, { host: `${service}--${environment}.localhost` }, () => true, 120_000),
      ),
    );
  });
  const { services: made, id } = await api('GET', `/environments/${environment}`);
  const builds = await Promise.all(
    made.flatMap(({ app, build }) => (build ? [api('GET', `/apps/${app.name}/builds/${build.id}`)] : [])),
  );
  const lasted = builds.map(({ created_at, updated_at }) => Date.parse(updated_at) - Date.parse(created_at));
  const { ms: destroyedMs } = await timed(async () => {
    await api('DELETE', `/environments/${environment}`);
    const left = () =>
      execFileSync('docker', ['network', 'ls', '-q', '--filter', `label=berth.environment=${id}`]).toString();
    while (left() !== '') await new Promise((resolve) => setTimeout(resolve, 100));
  });
  return { ms, destroyedMs, slowestBuildMs: Math.max(0, ...lasted) };
}

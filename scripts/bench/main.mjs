import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../up/settings.mjs';
import { benchBuildsBeside } from './builds-beside.mjs';
import { benchDensity } from './density.mjs';
import { benchDeploy } from './deploy.mjs';
import { benchFallback } from './fallback.mjs';
import { benchIdle } from './idle.mjs';
import { benchKeeper } from './keeper.mjs';
import { benchLanguages } from './languages.mjs';
import { benchLoad } from './load.mjs';
import { benchProjects } from './projects.mjs';
import { benchPropagation } from './propagation.mjs';
import { benchRebase } from './rebase.mjs';
import { benchShop } from './shop.mjs';
import { benchWake } from './wake.mjs';

/**
 * `npm run bench [-- deploy load idle fallback languages builds-beside rebase propagation shop wake keeper projects density]`: measures the running Berth beside its alternatives, in the same run, and prints
 * Markdown for docs/benchmarks.md. `scripts/bench/router.mjs` is run apart: it
 * needs the machine for itself, BERTH_PLATFORM_IMAGE, wrk and Caddy.
 * BENCH_DOCKER names a docker client that can build with BuildKit.
 */
async function main() {
  const benches = {
    deploy: benchDeploy,
    load: benchLoad,
    idle: benchIdle,
    fallback: benchFallback,
    languages: benchLanguages,
    'builds-beside': benchBuildsBeside,
    rebase: benchRebase,
    propagation: benchPropagation,
    shop: benchShop,
    wake: benchWake,
    keeper: benchKeeper,
    projects: benchProjects,
    density: benchDensity,
  };
  const wanted = process.argv.slice(2);
  const settings = wanted.length === 1 && wanted[0] === 'propagation' ? undefined : settingsOfBerth();
  console.log(
    `${new Date().toISOString()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n## ${name}\n`);
    const { table, ...more } = await bench(settings);
    console.log(`\n${table}\n`);
    for (const [key, value] of Object.entries(more)) console.log(key, JSON.stringify(value));
  }
}

/** Where the running Berth is, and what it was started with. */
function settingsOfBerth() {
  const { instance, home } = readSettings();
  const chosen = JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'));
  const docker = process.env.BENCH_DOCKER ?? 'docker';
  return {
    docker,
    instance,
    home,
    registry: `127.0.0.1:${chosen.BERTH_REGISTRY_PORT}`,
    appsPort: Number(chosen.BERTH_APPS_PORT),
    platformImage: execFileSync(docker, [
      'ps',
      '--filter',
      `name=${instance}_router_1`,
      '--filter',
      `name=${instance}-router-1`,
      '--format',
      '{{.Image}}',
    ])
      .toString()
      .trim(),
    port: 18_480,
    caBundle: chosen.BERTH_CA_BUNDLE,
    npmRegistry: execFileSync('npm', ['config', 'get', 'registry']).toString().trim(),
  };
}

await main();

import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackTar } from '../up/make-stack.mjs';
import { readSettings } from '../up/settings.mjs';
import { bytesOf, median, timed } from './measure.mjs';

const [registryPort, countedPort] = [18_482, 18_483];
const [apps, names, sets, rebuilt] = [10, 100, 3, 5];
/** BENCH_REBASE_RUN: how many of the moved images are run, on a busy machine. */
const run = Number(process.env.BENCH_REBASE_RUN ?? names);
const [before, after] = ['24.20.0', '24.21.0'];

/**
 * Issue 4's bar 3: a newer stack and a patch of Node.js under the images of 10 different apps that lie under 100 names, by the
 * builder's own functions against a registry of their own; every byte to and from it is counted. Beside it the same images by
 * `docker build` upon the new base and `docker push`, for a few of them. Each moved image is then run.
 */
export async function benchRebase(settings) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-rebase-'));
  const docker = (...argv) =>
    execFileSync(settings.docker, argv, { stdio: ['ignore', 'pipe', 'pipe'], env }).toString();
  const env = { ...process.env, DOCKER_BUILDKIT: '1' };
  startRegistry(docker, folder, settings.platformImage);
  const counted = await openCounter();
  try {
    const world = await makeImages(`http://127.0.0.1:${registryPort}`, settings.npmRegistry);
    const through = await openClient(`http://127.0.0.1:${countedPort}`);
    const runs = [];
    for (let set = 0; set < sets; set += 1) {
      counted.reset();
      const { ms } = await timed(() => rebaseAll(through, world, set));
      runs.push({ ms, ...counted.read() });
      console.log(JSON.stringify(runs.at(-1)));
    }
    await through.close();
    await world.registry.close();
    const works = runAll(settings.docker);
    const theirs = rebuildSome(docker, folder, world);
    return { table: tableOf(runs, theirs, works), runs };
  } finally {
    counted.close();
    spawnSync(settings.docker, ['rm', '-f', 'bench-rebase-registry']);
    rmSync(folder, { recursive: true, force: true });
  }
}

function startRegistry(docker, folder, platformImage) {
  mkdirSync(join(folder, 'data'));
  chmodSync(join(folder, 'data'), 0o777);
  chmodSync(folder, 0o755);
  writeFileSync(
    join(folder, 'registry.yml'),
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: /data }, delete: { enabled: true } }
http: { addr: 127.0.0.1:${registryPort} }
`,
  );
  const mounts = ['-v', `${folder}/registry.yml:/registry.yml:ro`, '-v', `${folder}/data:/data`];
  const name = ['--name', 'bench-rebase-registry'];
  docker(
    'run',
    '-d',
    '--rm',
    '--network',
    'host',
    ...name,
    ...mounts,
    platformImage,
    'docker-registry',
    'serve',
    '/registry.yml',
  );
}

/** Passes every byte on to the registry and counts it. */
async function openCounter() {
  const count = { sent: 0, received: 0 };
  const server = createServer((client) => {
    const upstream = connect(registryPort, '127.0.0.1');
    client.on('data', (chunk) => {
      count.sent += chunk.length;
    });
    upstream.on('data', (chunk) => {
      count.received += chunk.length;
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => [client, upstream].map((one) => one.destroy()));
  });
  await new Promise((resolve) => server.listen(countedPort, '127.0.0.1', resolve));
  return {
    reset: () => Object.assign(count, { sent: 0, received: 0 }),
    read: () => ({ ...count }),
    close: () => server.close(),
  };
}

async function openClient(url) {
  const { Registry } = await import('@berth/images/registry');
  return new Registry({ url });
}

/** Stack and Node.js, old and new, and the apps' images under all names. */
async function makeImages(url, npmRegistry) {
  const { ensureStack } = await import('@berth/runtimes/stacks/ensure-stack');
  const { ensureNodeRuntime } = await import('@berth/runtimes/node/ensure-node-runtime');
  const { pushImage } = await import('@berth/images/push-image');
  const { writeLayer } = await import('@berth/images/write-layer');
  const { appUser } = await import('@berth/images/layer');
  const settings = readSettings();
  const registry = await openClient(url);
  const npm = { url: npmRegistry, cacheDir: join(settings.cache, 'npm') };
  const stack = await untilThere(async () => ensureStack({ registry, tarPath: await stackTar(settings) }));
  const [old, young] = [
    await ensureNodeRuntime({ registry, npm, version: before }),
    await ensureNodeRuntime({ registry, npm, version: after }),
  ];
  const file = (path, content, owner = appUser) =>
    writeLayer([{ path, type: 'file', mode: 0o644, ...owner, sizeBytes: content.length, content }]);
  const below = (image) => image.layers.map((layer) => ({ layer, from: image.repository }));
  const newer = await pushImage(registry, {
    repository: stack.repository,
    tag: 'newer',
    layers: [...below(stack), { layer: await file('etc/berth-newer', Buffer.from('newer\n'), { uid: 0, gid: 0 }) }],
    config: stack.config,
  });
  const images = [];
  for (let app = 0; app < apps; app += 1) {
    const code = `console.log(${app}, process.version, require('fs').existsSync('/etc/berth-newer'))`;
    const layers = [
      ...below(stack),
      ...below(old),
      { layer: await file('app/node_modules/data', randomBytes(3_000_000)) },
      { layer: await file('app/server.js', Buffer.from(code)) },
    ];
    images.push({ layers, config: await appConfig(stack, old) });
  }
  const all = Array.from({ length: names * sets }, (_, index) => index);
  await inParallel(
    all,
    async (index) => {
      const image = images[index % apps];
      const first =
        index < apps
          ? image.layers
          : image.layers.map(({ layer }, at) => ({
              layer,
              from: at < 2 ? image.layers[at].from : nameOf(index % apps),
            }));
      await pushImage(registry, { repository: nameOf(index), tag: 'old', layers: first, config: image.config });
    },
    apps,
  );
  return { registry, stack: newer, runtime: young };
}

const nameOf = (index) => `app/${index}`;

async function appConfig(stack, runtime) {
  const { ociLabels, baseLabels } = await import('@berth/images/app-image');
  return {
    env: { ...runtime.config.env, HOME: '/app' },
    user: '10001:10001',
    workingDir: '/app',
    cmd: ['node', 'server.js'],
    labels: {
      ...baseLabels(stack, runtime, '24'),
      [ociLabels.layers]: 'stack runtime dependencies code',
      [ociLabels.env]: 'HOME',
    },
  };
}

/** What the builder does with a rebase's images, sixteen side by side: read, plan, mount, write. */
async function rebaseAll(registry, { stack, runtime }, set) {
  const { readImage } = await import('@berth/images/read-image');
  const { planRebase } = await import('@berth/images/plan-rebase');
  const { rebaseImage } = await import('@berth/images/rebase-image');
  const all = Array.from({ length: names }, (_, index) => nameOf(set * names + index));
  await inParallel(all, async (repository) => {
    const image = await readImage(registry, repository, 'old');
    const plan = planRebase(image, { stack, runtime });
    if (plan.kind !== 'move') throw new Error(`${repository}: ${plan.kind}`);
    await rebaseImage(registry, { repository, tag: 'moved', plan });
  });
}

async function inParallel(all, body, inOrder = 0) {
  const rest = [...all];
  for (const one of rest.splice(0, inOrder)) await body(one);
  const worker = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await body(one);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Pulls and runs each image of the first set; how many said what they should. */
function runAll(docker) {
  let good = 0;
  for (let index = 0; index < run; index += 1) {
    const image = `127.0.0.1:${registryPort}/${nameOf(index)}:moved`;
    const { stdout } = spawnSync(docker, ['run', '--rm', '--network', 'none', image]);
    if (String(stdout).trim() === `${index % apps} v${after} true`) good += 1;
    spawnSync(docker, ['rmi', '-f', image]);
  }
  return good;
}

/** The same by a Dockerfile upon the new base, for a few: the app's files out of its old image. */
function rebuildSome(docker, folder, { stack, runtime }) {
  const base = `127.0.0.1:${registryPort}/bench/base`;
  const work = mkdtempSync(join(folder, 'docker-'));
  writeFileSync(
    join(work, 'Dockerfile.base'),
    `FROM 127.0.0.1:${registryPort}/${runtime.repository}:${after} AS node
FROM 127.0.0.1:${registryPort}/${stack.repository}:newer
COPY --from=node /opt /opt
ENV PATH=${runtime.config.env.PATH}
`,
  );
  docker('build', '-q', '-f', join(work, 'Dockerfile.base'), '-t', base, work);
  docker('push', '-q', base);
  const size = () => bytesOf(docker('exec', 'bench-rebase-registry', 'du', '-sb', '/data'));
  const [times, start] = [[], size()];
  for (let index = 0; index < rebuilt; index += 1) {
    const image = `127.0.0.1:${registryPort}/rebuilt/${index}`;
    writeFileSync(
      join(work, 'Dockerfile'),
      `FROM ${base}
COPY --from=127.0.0.1:${registryPort}/${nameOf(index)}:old --chown=10001:10001 /app /app
WORKDIR /app
USER 10001
CMD ["node", "server.js"]
`,
    );
    const startedAt = performance.now();
    docker('build', '-q', '-t', image, work);
    docker('push', '-q', image);
    times.push(performance.now() - startedAt);
    docker('rmi', '-f', image);
  }
  const bytes = (size() - start) / rebuilt;
  docker('rmi', '-f', base);
  return { ms: median(times), bytes };
}

function tableOf(runs, theirs, works) {
  const seconds = (ms) => (ms / 1000).toFixed(2);
  const kB = (bytes) => Math.round(bytes / 1000).toLocaleString('en');
  const ours = median(runs.map(({ ms }) => ms));
  const sent = median(runs.map((run) => run.sent));
  return [
    '| 100 images | seconds | kB sent | kB received |',
    '|---|---|---|---|',
    `| rebase (median of ${sets}; ${runs.map(({ ms }) => seconds(ms)).join(', ')}) | ${seconds(ours)} | ${kB(sent)} | ${kB(median(runs.map((run) => run.received)))} |`,
    `| \`docker build\` + push, one after the other (${rebuilt} measured: ${seconds(theirs.ms)} s and ${kB(theirs.bytes)} kB each) | ${seconds(theirs.ms * names)} | ${kB(theirs.bytes * names)} | |`,
    `| ratio | ${(ours / (theirs.ms * names)).toFixed(4)} | | |`,
    '',
    `Of ${run} moved images that were pulled and run, ${works} answered on the new stack and Node.js ${after}.`,
  ].join('\n');
}

async function untilThere(body) {
  for (let tries = 0; ; tries += 1)
    try {
      return await body();
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

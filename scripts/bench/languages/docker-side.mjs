import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretsOf } from '../berth.mjs';
import { bytesOf, untilAnswer } from '../measure.mjs';
import { writeFiles } from './write-files.mjs';

const registryPort = 18_481;

/**
 * What a team has without a platform: `docker build` by BuildKit with cache mounts, `docker push` to a registry of the same
 * kind (without sign-in), `docker run`, and the old container stopped.
 */
export async function openDockerSide({ docker, registry, platformImage, caBundle, home }) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-docker-'));
  const env = { ...process.env, DOCKER_BUILDKIT: '1', DOCKER_CONFIG: join(folder, 'config') };
  const run = (...argv) =>
    execFileSync(docker, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim();
  writeFileSync(join(folder, 'registry.yml'), registryConfig);
  run(
    'run',
    '-d',
    '--rm',
    '--network',
    'host',
    '--name',
    'bench-registry',
    '-v',
    `${folder}:/bench:ro`,
    '--tmpfs',
    '/data:size=4g',
    platformImage,
    'docker-registry',
    'serve',
    '/bench/registry.yml',
  );
  signIn(run, registry);
  const containers = new Set();
  return {
    /** For a script of the team's own: its registry, and a client that may pull our images. */
    settings: { registry: `127.0.0.1:${registryPort}`, dockerConfig: env.DOCKER_CONFIG },
    basesOf: (runtime, version = '') => findBases(registry, runtime, version, home),
    forgetBuilds: () => run('builder', 'prune', '-af'),
    openApp: (name, app, { build, base }) => {
      const work = mkdtempSync(join(folder, 'app-'));
      const dockerfile = app.dockerfile
        .replaceAll('FROM BUILD', `FROM ${build}`)
        .replaceAll('FROM RUN', `FROM ${base}`);
      const image = `127.0.0.1:${registryPort}/${name}`;
      let id;
      return {
        write: (files) => {
          const version = `v${Date.now()}`;
          writeFiles(work, { ...files, Dockerfile: dockerfile, '.dockerignore': 'Dockerfile\n' }, version);
          return version;
        },
        deploy: async (version) => {
          run('build', '-q', '--secret', `id=ca,src=${caBundle}`, '-t', image, work);
          run('push', '-q', image);
          const was = id;
          id = run('run', '-d', '-m', '512m', '--user', '10001', '-e', 'PORT=8080', image);
          containers.add(id);
          const address = run('inspect', '-f', '{{.NetworkSettings.IPAddress}}', id);
          await untilAnswer(`http://${address}:8080/`, {}, (text) => text.trim() === version);
          if (was) run('rm', '-f', was);
        },
        imageBytes: () => sizeInRegistry(name),
      };
    },
    registryBytes: () => bytesOf(run('exec', 'bench-registry', 'du', '-sb', '/data')),
    stopApps: () => {
      for (const id of containers) spawnSync(docker, ['rm', '-f', id], { env });
      containers.clear();
    },
    close: () => {
      spawnSync(docker, ['rm', '-f', 'bench-registry', ...containers], { env });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Our registry asks who one is; `npm start` made a secret for who operates this Berth. */
function signIn(run, registry) {
  const secret = secretsOf().registryProcesses?.operator;
  if (secret) run('login', '-u', 'operator', '-p', secret, registry);
}

/** The toolchain image of a language, and stack + runtime as one image that `FROM` can name. */
async function findBases(registry, runtime, version, home) {
  const { Registry } = await import('@berth/images/registry');
  const { readImage } = await import('@berth/images/read-image');
  const { pushImage } = await import('@berth/images/push-image');
  const client = new Registry({ url: `http://${registry}`, authorizer: await operator(home) });
  const newest = async (repository) => {
    const tags = await client.listTags(repository);
    const images = await Promise.all(tags.map((tag) => readImage(client, repository, tag)));
    const found = images.filter((image) => image?.config.labels['berth.version']?.startsWith(version)).at(-1);
    if (!found) throw new Error(`there is no ${repository}: push an app of that language first`);
    return found;
  };
  const [stack, layers, build] = [
    await readImage(client, 'stack/berth-13', 'latest'),
    await newest(`runtime/${runtime}`),
    await newest(`build/${runtime}`).catch(() => undefined),
  ];
  const sources = [stack, layers].flatMap((image) => image.layers.map((layer) => ({ layer, from: image.repository })));
  const config = { ...layers.config, user: '0:0', workingDir: '/' };
  const base = await pushImage(client, { repository: `bench/${runtime}`, tag: 'base', layers: sources, config });
  await client.close();
  return {
    build: build && `${registry}/${build.repository}@${build.digest}`,
    base: `${registry}/${base.repository}@${base.digest}`,
  };
}

async function operator(home) {
  const { readFileSync, existsSync } = await import('node:fs');
  const at = (name) => join(home, 'tls/registry', name);
  if (!existsSync(at('token.key'))) return undefined;
  const { signOwnTokens } = await import('@berth/images/own-tokens');
  return signOwnTokens(
    { keyPem: readFileSync(at('token.key'), 'utf8'), certificatePem: readFileSync(at('token.crt'), 'utf8') },
    'bench',
  );
}

async function sizeInRegistry(name) {
  const accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`http://127.0.0.1:${registryPort}/v2/${name}/manifests/latest`, { headers: { accept } });
  return (await answer.json()).layers.reduce((sum, { size }) => sum + size, 0);
}

const registryConfig = `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: /data }, delete: { enabled: true } }
http: { addr: 127.0.0.1:${registryPort} }
`;

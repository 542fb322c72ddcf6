import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { needed } from '../../daemon/test/needed.js';
import type { DockerSettings } from '../src/docker/docker-host.js';
import { execIn } from '../src/docker/exec.js';
import { dropFirewall } from '../src/docker/keep-firewall.js';
import { labelFilter } from '../src/docker/labels.js';
import { type DockerEngines, openDockerHost } from '../src/docker/open-docker-host.js';
import { pullImage } from '../src/docker/pull-image.js';
import type { GroupSpec, ImageRef, JailSpec } from '../src/interface.js';
import { pullToken, pushedPlatformImage } from './pushed-platform-image.js';

export const MiB = 1024 * 1024;
export const never = new AbortController().signal;

export interface TestEngine extends DockerEngines {
  docker: Docker;
  settings: DockerSettings;
  image: ImageRef;
  group: (more?: Partial<GroupSpec>) => GroupSpec;
  jail: (more?: Partial<JailSpec>) => JailSpec;
  /** Exit code and stdout of a command in a container. */
  inContainer: (containerId: string, ...argv: string[]) => Promise<{ exitCode: number; stdout: string }>;
  /** Everything of this Berth goes, the firewall table last. */
  close: () => Promise<void>;
}

/** Settings of a Berth of this test's own, on a subnet pool that no other test's overlaps (of 32). */
export async function testSettings(): Promise<DockerSettings> {
  return {
    dockerSocket: process.env.DOCKER_SOCKET ?? '/var/run/docker.sock',
    instance: `eng${randomBytes(3).toString('hex')}`,
    subnetPool: `100.${112 + randomInt(8)}.${randomInt(4) * 64}.0/18`,
    registryPullHost: new URL(needed('TEST_REGISTRY_URL')).host,
    pullToken: process.env.TEST_REGISTRY_TOKEN_URL ? pullToken : undefined,
    platformImage: needed('BERTH_PLATFORM_IMAGE'),
    disksDirectory: await mkdtemp(join(tmpdir(), 'berth-engine-')),
    caBundle: '/etc/ssl/certs/ca-certificates.crt',
    cgroupRoot: '/sys/fs/cgroup',
    allowedPrivate: { stable: [], project: [], build: [] },
    sparesMax: 2,
  };
}

export async function openTestEngine(more: Partial<DockerSettings> = {}): Promise<TestEngine> {
  const settings = { ...(await testSettings()), ...more };
  const engines = await openDockerHost(settings, () => {});
  const { docker } = engines.host;
  const image = await pushedPlatformImage(settings.platformImage, settings.registryPullHost);
  await pullImage(engines.host, image);
  const limits = { memoryBytes: 256 * MiB, cpuShares: 102, pidsMax: 256, diskBytes: 64 * MiB, cacheBytes: 64 * MiB };
  return {
    ...engines,
    docker,
    settings,
    image,
    group: (group) => ({ ...groupDefaults, image, ...group }),
    jail: (spec) => ({ buildId: randomBytes(4).toString('hex'), appId: 'app-a', image, limits, ...spec }),
    inContainer: async (containerId, ...argv) => {
      let stdout = '';
      const { exitCode } = await execIn(docker.getContainer(containerId), { argv }, (stream, chunk) => {
        if (stream === 'stdout') stdout += chunk;
      });
      return { exitCode, stdout };
    },
    close: () => closeAll(engines, settings),
  };
}

const groupDefaults = {
  appId: 'app-a',
  appName: 'shop',
  environmentId: 'env-a',
  rolloutId: 'rollout-1',
  releaseVersion: 1,
  processType: 'web',
  command: 'sleep infinity',
  env: {},
  memoryBytes: 64 * MiB,
  cpuShares: 512,
  pidsMax: 64,
};

async function closeAll(engines: DockerEngines, settings: DockerSettings): Promise<void> {
  const { host } = engines;
  for (const kind of ['instance', 'oneoff'] as const)
    for (const { Id } of await host.docker.listContainers({ all: true, filters: labelFilter(host, kind) }))
      await host.docker.getContainer(Id).remove({ force: true, v: true });
  for (const kind of ['environment-network', 'router-network'] as const)
    for (const { Id } of await host.docker.listNetworks({ filters: labelFilter(host, kind) }))
      await host.docker.getNetwork(Id).remove();
  await dropFirewall(host).catch(() => {});
  await engines.stop();
  await rm(settings.disksDirectory, { recursive: true, force: true });
}

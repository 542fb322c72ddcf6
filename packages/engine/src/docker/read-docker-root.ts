import { randomBytes } from 'node:crypto';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { runIn } from './exec.js';
import { labelsOf } from './labels.js';

/** Figures that the engine keeps in files and does not give by its API. */
export interface DockerRoot {
  /** By container id: its json-file logs. */
  logBytes: Map<string, number>;
  /** By chain id: the layer without those below it. */
  layerBytes: Map<string, number>;
}

const blockBytes = 512;

/**
 * Looks below the engine's root from a container without rights and network; what is not where json-file and overlay2
 * put it is missing from the answer.
 */
export async function readDockerRoot(host: DockerHost): Promise<DockerRoot> {
  const { DockerRootDir, Driver } = (await host.docker.info()) as { DockerRootDir: string; Driver: string };
  const container = await host.docker.createContainer({
    name: `${host.names.instance}-disk-${randomBytes(4).toString('hex')}`,
    Image: host.settings.platformImage,
    Entrypoint: ['/usr/bin/tini', '--', 'sleep', '60'], // gone by itself when this process is killed
    Cmd: [],
    User: '0:0',
    Labels: labelsOf(host, 'disk-reader'),
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 16,
      Memory: 128 * 1024 * 1024,
      LogConfig: { Type: 'none', Config: {} },
      Binds: [
        `${DockerRootDir}/containers:/containers:ro`,
        `${DockerRootDir}/image/${Driver}/layerdb/sha256:/layers:ro`,
      ],
    },
  });
  try {
    await container.start();
    const logs = ['find', '/containers', '-mindepth', '2', '-maxdepth', '2', '-name', '*-json.log*'];
    const printed = await runIn(container, { argv: [...logs, '-printf', '%h %b\\n'] });
    const sizes = await runIn(container, { argv: ['grep', '--recursive', '--include=size', '^', '/layers'] }).catch(
      () => '',
    );
    return { logBytes: parseLogs(printed), layerBytes: parseLayers(sizes) };
  } finally {
    await unlessStatus([404, 409], container.remove({ force: true }));
  }
}

/** Lines `/containers/<id> <blocks>`. */
function parseLogs(text: string): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const [, id, blocks] of text.matchAll(/^\/containers\/([0-9a-f]{64}) (\d+)$/gm))
    bytes.set(id!, (bytes.get(id!) ?? 0) + Number(blocks) * blockBytes);
  return bytes;
}

/** Lines `/layers/<chain id>/size:<bytes>`. */
function parseLayers(text: string): Map<string, number> {
  const found = text.matchAll(/^\/layers\/([0-9a-f]{64})\/size:(\d+)$/gm);
  return new Map([...found].map(([, id, bytes]) => [`sha256:${id}`, Number(bytes)]));
}

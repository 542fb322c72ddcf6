import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import type Docker from 'dockerode';
import { memoryLimits } from '../host-facts.js';
import { chooseLayers, type KeptLayer, sharedLayers } from '../kept-layers.js';
import { unlessStatus } from './docker-errors.js';
import { type DockerHost, unprivilegedUser } from './docker-host.js';
import { label, labelFilter, labelsOf } from './labels.js';

const MiB = 1024 * 1024;
const lookEveryMs = 60_000;
/** Of one layer's files; a JVM's take 184 MiB, Node.js 24 121, the stack 61. */
const filesBytesMax = 240 * MiB;
/** The kernel charges what a keeper reads to the keeper, and takes it back from nobody else when that is too much. */
const keeperBytes = filesBytesMax + 16 * MiB;

/**
 * Reads programs, libraries and a JVM's archives (largest first, up to the bytes of $1) once a minute: they lie in memory, charged
 * here and not to an app, whose memory can then be pushed out without them. Reading what lies there takes 30 ms. They are not
 * locked: the kernel may take them, and when less than a tenth of the host's memory is available they are not read again.
 */
const script = `
files=() left=$1
while IFS=' ' read -r -d '' size path; do
  if (( size <= left )); then files+=("$path"); left=$((left - size)); fi
done < <(find /layer -type f \\( -name '*.so' -o -name '*.so.*' -o -name '*.jsa' -o -name modules -o -perm /111 -size +1M \\) -printf '%s %p\\0' | sort -zrn)
while :; do
  total=0 available=0
  while read -r name kib _; do
    case $name in MemTotal:) total=$kib ;; MemAvailable:) available=$kib ;; esac
  done </proc/meminfo
  if (( available * 10 >= total )); then cat -- /dev/null "\${files[@]}" >/dev/null 2>&1; fi
  sleep 60
done`;

/** How many running instances each image has, by the daemon's id; undefined: nobody has looked yet. */
export type RunningImages = ReadonlyMap<string, number> | undefined;

/** Keeps a keeper for each layer that running apps share. A host process that stops leaves them, as it leaves the apps. */
export function keepLayers(host: DockerHost, running: () => RunningImages): Stoppable {
  const known = new Map<string, KeptLayer[]>();
  const onError = (error: unknown) => host.note('keepers of layers', { err: error });
  return lookEach({ everyMs: lookEveryMs, onError }, async () => {
    const images = running();
    if (images) await lookAfterKeepers(host, images, known);
  });
}

/**
 * Makes the keepers that are missing or have ended, and removes those whose layer no running app has. They hold nothing that an
 * image's removal would wait for. Where nothing is pushed out (no swap) apps hold the files themselves, and there are none.
 * `known` has the layers of images that were looked at before.
 */
export async function lookAfterKeepers(
  host: DockerHost,
  images: NonNullable<RunningImages>,
  known = new Map<string, KeptLayer[]>(),
): Promise<void> {
  const wanted = host.facts.hasSwap ? await wantedLayers(host, images, known) : [];
  const found = await host.docker.listContainers({ all: true, filters: labelFilter(host, 'keeper') });
  const isGood = ({ State, Labels }: Docker.ContainerInfo) =>
    State === 'running' && wanted.some((layer) => Labels[label.recipe] === recipeOf(host, layer));
  for (const { Id } of found.filter((one) => !isGood(one)))
    await unlessStatus([404, 409], host.docker.getContainer(Id).remove({ force: true }));
  const there = new Set(found.filter(isGood).map(({ Labels }) => Labels[label.key]));
  for (const layer of wanted) if (!there.has(layer.id)) await startKeeper(host, layer);
}

async function wantedLayers(host: DockerHost, images: NonNullable<RunningImages>, known: Map<string, KeptLayer[]>) {
  for (const id of known.keys()) if (!images.has(id)) known.delete(id);
  for (const id of images.keys()) {
    if (known.has(id)) continue;
    const image = await unlessStatus([404], host.docker.getImage(id).inspect());
    known.set(id, image ? sharedLayers(image) : []);
  }
  const counted = [...images].map(([id, instances]) => ({ layers: known.get(id) ?? [], instances }));
  return chooseLayers(counted, { memoryBytes: totalmem(), bytesEach: keeperBytes });
}

/** One that cannot be made does not keep others from it: its image may have gone meanwhile. */
async function startKeeper(host: DockerHost, layer: KeptLayer): Promise<void> {
  try {
    // 409: another host process makes it at this moment, or the engine still removes the last one.
    const container = await unlessStatus([409], host.docker.createContainer(keeperOptions(host, layer)));
    await container?.start();
  } catch (error) {
    host.note('keeper of a layer', { err: error, layer: layer.name });
  }
}

function keeperOptions(host: DockerHost, layer: KeptLayer): Docker.ContainerCreateOptions {
  return {
    name: `${host.names.instance}-keeper-${layer.name}-${layer.id.slice(0, 8)}`,
    Image: host.settings.platformImage,
    Entrypoint: ['/usr/bin/tini', '--', 'bash', '-c', script, 'keeper'],
    Cmd: [String(filesBytesMax)],
    User: unprivilegedUser,
    Labels: labelsOf(host, 'keeper', { [label.key]: layer.id, [label.recipe]: recipeOf(host, layer) }),
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      PidsLimit: 16,
      ...memoryLimits(host.facts, keeperBytes),
      CpuShares: 102,
      LogConfig: { Type: 'none', Config: {} },
      // A mount, not a bind: the engine makes the source of a bind when it is missing.
      Mounts: [{ Type: 'bind', Source: layer.directory, Target: '/layer', ReadOnly: true }],
      RestartPolicy: { Name: 'no' },
    },
  };
}

/** What a keeper was made by: one of another script or platform image is made anew. */
function recipeOf({ settings }: DockerHost, { id }: KeptLayer): string {
  const parts = [settings.platformImage, script, filesBytesMax, id];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

import { appUser, type LayerEntry } from '@berth/images/layer';
import { fileCapability } from '@berth/images/pax-header';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { writeLayer } from '@berth/images/write-layer';
import { type DebianLayer, ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { shortHash } from '../debian/push-debian-runtime.js';
import { jailEntries } from '../jail-entries.js';
import { toolsBin } from '../npm/ensure-tool.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { RuntimeParts } from '../runtime.js';
import { buildkitRelease } from './buildkit-release.js';

/** Builds the Dockerfile in the jail (files/buildkit). */
export const buildDockerfileCommand = `/${ownRoot('buildkit')}/bin/berth-dockerfile`;

/** Names for newuidmap: the jail's user may be root of a namespace with 65,536 users of its own. */
const subordinateIds = 'app:100000:65536\n';

/** `build/dockerfile`: the image of a jail that builds by Dockerfile. `programs` is ensureBuildkitPrograms' image. */
export async function ensureDockerfileJail(parts: RuntimeParts, programs: PushedImage): Promise<PushedImage> {
  const { registry, stack } = parts;
  const [debian, own] = await Promise.all([ensureRootlessPackages(parts), readOwnFiles('buildkit')]);
  const last = await writeLayer([...own, ...jailEntries]);
  const env = {
    PATH: `${toolsBin}:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: 'C.UTF-8',
    // Neither may be root's: buildkitd would want directories of root's (facts: jail D).
    USER: 'app',
    XDG_RUNTIME_DIR: '/tmp/buildkit',
  };
  const layers = [
    ...stack.layers.map((layer) => ({ layer, from: stack.repository })),
    debian,
    { layer: programs.layers[0]!, from: programs.repository },
    { layer: last },
  ];
  return pushImage(registry, {
    repository: 'build/dockerfile',
    tag: `${buildkitRelease.version}-${shortHash([layers.map(({ layer }) => layer.diffId), env])}`,
    layers,
    config: {
      env,
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': 'dockerfile', 'berth.version': buildkitRelease.version },
    },
  }).finally(last.dispose);
}

/**
 * newuidmap and newgidmap with one file capability each in the place of Debian's set-user-id bit: as root they could not
 * write the map of a namespace that another user owns, in a container without SYS_ADMIN.
 */
function ensureRootlessPackages(parts: RuntimeParts): Promise<DebianLayer> {
  return ensureDebianLayer(parts, {
    name: 'rootless',
    packages: ['uidmap', 'rootlesskit', 'runc'],
    isShipped: false,
    link: {
      version: '1',
      entries: (files) => [
        withCapability(files, 'usr/bin/newuidmap', 'setuid'),
        withCapability(files, 'usr/bin/newgidmap', 'setgid'),
        textFile('etc/subuid', subordinateIds),
        textFile('etc/subgid', subordinateIds),
      ],
    },
  });
}

function withCapability(files: ReadonlyMap<string, LayerEntry>, path: string, name: 'setuid' | 'setgid'): LayerEntry {
  const entry = files.get(path);
  if (!entry) throw new Error(`Debian's uidmap has no ${path}`);
  return { ...entry, mode: 0o755, capability: fileCapability(name) };
}

function textFile(path: string, text: string): LayerEntry {
  const content = Buffer.from(text);
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: content.length };
}

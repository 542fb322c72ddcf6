import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { PushedImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { writeTrustStore } from '../java/trust-store.js';
import { nodeRoot } from '../node/ensure-node-runtime.js';
import type { Sources } from '../sources.js';

const root = { uid: 0, gid: 0 };
/** Of the machine that the builder runs on; npm start mounts the host's here. */
const caBundlePath = '/etc/ssl/certs/ca-certificates.crt';

/** Accounts that the public images have, and Dockerfiles name (`USER node`, `chown nginx`). */
const accounts = [
  { name: 'node', id: 1000, home: 'home/node' },
  { name: 'nginx', id: 101, home: 'nonexistent' },
];

/**
 * What lies on top of every base image of a Dockerfile: the installation's certificate authorities and package mirrors,
 * which a RUN has no other way to know, the accounts of public images, and /app as a directory.
 */
export async function siteEntries({
  registry,
  sources,
  stack,
}: {
  registry: Registry;
  sources: Sources;
  stack: PushedImage;
}): Promise<LayerEntry[]> {
  const [bundle, [passwd, group]] = await Promise.all([
    readFile(caBundlePath),
    readStackFiles(registry, stack, ['etc/passwd', 'etc/group']),
  ]);
  const passwdLines = accounts.map(({ name, id, home }) => `${name}:x:${id}:${id}::/${home}:/bin/bash\n`);
  const groupLines = accounts.map(({ name, id }) => `${name}:x:${id}:\n`);
  return [
    // A build image has a link here, for jails only.
    { path: 'app', type: 'directory', mode: 0o755, ...appUser },
    { path: 'home/node', type: 'directory', mode: 0o755, uid: 1000, gid: 1000 },
    textFile('etc/ssl/certs/ca-certificates.crt', bundle),
    textFile('etc/ssl/certs/java/cacerts', writeTrustStore(bundle.toString())),
    textFile('etc/passwd', `${passwd}${passwdLines.join('')}`),
    textFile('etc/group', `${group}${groupLines.join('')}`),
    textFile(`${nodeRoot}/etc/npmrc`, `registry=${sources.npm}\nupdate-notifier=false\n`),
    // Debian's pip refuses to install beside Debian's packages, that of the public images does not.
    textFile(
      'etc/pip.conf',
      `[global]\nbreak-system-packages = true\n${sources.pypi ? `index-url = ${sources.pypi}\n` : ''}`,
    ),
  ];
}

function textFile(path: string, content: string | Buffer): LayerEntry {
  const bytes = Buffer.from(content);
  return { path, type: 'file', mode: 0o644, ...root, content: bytes, sizeBytes: bytes.length };
}

async function readStackFiles(registry: Registry, stack: PushedImage, paths: readonly string[]): Promise<string[]> {
  const blob = await registry.getBlob(stack.repository, stack.layers[0]?.digest ?? '');
  if (!blob) throw new Error(`the layer of ${stack.repository} is gone`);
  const tree = await normaliseTar(
    pipeline(blob, createGunzip(), () => {}),
    { bytesMax: 1024 ** 2, entriesMax: 200_000 },
    { leaveOut: ({ name }) => !paths.includes(name.replace(/^\.?\//, '')) },
  );
  try {
    return await Promise.all(paths.map(async (path) => (await tree.read(path))?.toString() ?? ''));
  } finally {
    await tree.close();
  }
}

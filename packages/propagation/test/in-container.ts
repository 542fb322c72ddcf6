import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '@berth/daemon/spawn';
import { fetchPackages } from '@berth/runtimes/debian/fetch-packages';
import { openApt } from '@berth/runtimes/debian/open-apt';
import { parseUris } from '@berth/runtimes/debian/resolve-packages';
import type { Sources } from '@berth/runtimes/sources';

/** Unpacks Debian's packages of these names, without those that they need; what was fetched stays for the next test. */
export async function unpackDebian(sources: Sources, names: readonly string[], directory: string): Promise<void> {
  const apt = await openApt({ sources, status: '' });
  try {
    const { stdout } = await apt.run(['apt-get', 'download', '-qq', '--print-uris', '--', ...names]);
    const kept = join(sources.cacheDir!, `debian-${names[0]}`);
    const packages = await fetchPackages(apt, parseUris(stdout.toString()), kept);
    for (const path of packages.values()) await run(['dpkg-deb', '-x', path, directory]);
  } finally {
    await apt.close();
  }
}

/** A port of this machine that nobody listened on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until `path` is answered with 2xx; throws after two minutes. */
export async function listening(port: number, path: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`nobody answers at ${path}`);
}

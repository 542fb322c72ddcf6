import { join } from 'node:path';
import { Spool } from '@berth/images/spool';
import { fetchPackages } from '../debian/fetch-packages.js';
import { debianDirectory, openApt } from '../debian/open-apt.js';
import { resolvePackages } from '../debian/resolve-packages.js';
import { unpackPackage } from '../debian/unpack-package.js';
import type { Sources } from '../sources.js';

/**
 * The proxy that Go itself uses when nobody says otherwise: GOPROXY in the go.env of Debian's Go, for a host
 * without Go. 25 MB the first time.
 */
export async function defaultGoProxy(sources: Pick<Sources, 'apt' | 'cacheDir'>): Promise<string> {
  const apt = await openApt({ sources, status: '' });
  const spool = new Spool();
  try {
    const found = (await resolvePackages(apt, ['golang-go'])).filter(({ name }) => /^golang-[\d.]+-go$/.test(name));
    const files = await fetchPackages(apt, found, join(debianDirectory(sources), 'packages'));
    for (const [one, path] of files) {
      const entries = await unpackPackage(path, one, spool);
      const env = entries.find((entry) => /^usr\/lib\/go-[\d.]+\/go\.env$/.test(entry.path));
      const text = typeof env?.content === 'function' ? (await env.content()).toString() : '';
      const proxy = /^GOPROXY=(\S+)/m.exec(text)?.[1];
      if (proxy) return proxy;
    }
    throw new Error("Debian's Go names no module proxy; set BERTH_GO_PROXY");
  } finally {
    await Promise.all([apt.close(), spool.close()]);
  }
}

import { join } from 'node:path';
import { Spool } from '@berth/images/spool';
import type { Sources } from '../sources.js';
import { fetchPackages } from './fetch-packages.js';
import { debianDirectory, openApt } from './open-apt.js';
import { parseUris } from './resolve-packages.js';
import { unpackPackage } from './unpack-package.js';

/** One file of a Debian package of the stack's suite; what the package depends on is not looked at. */
export async function readPackageFile(
  sources: Pick<Sources, 'apt' | 'cacheDir'>,
  { name, file }: { name: string; file: RegExp },
): Promise<Buffer> {
  const apt = await openApt({ sources, status: '' });
  const spool = new Spool();
  try {
    const { stdout } = await apt.run(['apt-get', 'download', '-qq', '--print-uris', '--', name]);
    const packages = parseUris(stdout.toString());
    const files = await fetchPackages(apt, packages, join(debianDirectory(sources), 'packages'));
    for (const [one, path] of files) {
      const entries = await unpackPackage(path, one, spool);
      const found = entries.find((entry) => entry.type === 'file' && file.test(entry.path));
      if (typeof found?.content === 'function') return await found.content();
    }
    throw new Error(`the Debian package ${name} has no file ${file}`);
  } finally {
    await Promise.all([spool.close(), apt.close()]);
  }
}

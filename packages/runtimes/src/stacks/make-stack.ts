import { rename } from 'node:fs/promises';
import { run } from '@berth/daemon/spawn';
import { readAptOptions, readAptSources, sourcesOfSuite } from './apt-sources.js';
import { berth13 } from './berth-13.js';

/** mmdebstrap's argument list for a stack: `sources` are sources.list lines, `aptOptions` lines of apt.conf. */
function mmdebstrapArgv(options: {
  tarPath: string;
  sources: readonly string[];
  aptOptions: readonly string[];
}): [string, ...string[]] {
  return [
    'env',
    'SOURCE_DATE_EPOCH=1735689600',
    'LC_ALL=C',
    'mmdebstrap',
    '--variant=minbase',
    '--architectures=amd64',
    '--format=tar',
    `--include=${berth13.packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    ...options.aptOptions.map((line) => `--aptopt=${line}`),
    ...berth13.paths.map((line) => `--dpkgopt=${line}`),
    berth13.suite,
    options.tarPath,
    ...options.sources,
  ];
}

/**
 * Writes the plain tar of the stack's file system to `tarPath`, with mmdebstrap on a Debian 12 or 13 host (as root, or as
 * a user with unprivileged user namespaces). Takes about 15 s. Packages come from the mirrors of the host's own apt settings.
 */
export async function makeStack(options: { tarPath: string }): Promise<void> {
  const partPath = `${options.tarPath}.part.tar`;
  const [files, aptOptions] = await Promise.all([readAptSources(), readAptOptions()]);
  const argv = mmdebstrapArgv({ tarPath: partPath, sources: sourcesOfSuite(files, berth13.suite), aptOptions });
  await run(argv);
  await rename(partPath, options.tarPath);
}

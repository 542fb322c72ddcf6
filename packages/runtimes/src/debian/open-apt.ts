import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, run } from '@berth/daemon/spawn';
import type { Sources } from '../sources.js';
import { expireAptLists, updateAptLists } from './update-apt-lists.js';

/** apt with a state of its own: it knows the packages of a stack, not those of the machine that it runs on. */
export interface Apt {
  run: (argv: readonly [string, ...string[]]) => Promise<Ended>;
  /** The lists name a package that is gone: new ones at the next use. */
  expire: () => Promise<void>;
  close: () => Promise<void>;
}

/** Where package lists, stack states and (with a cache directory) packages are kept between two uses. */
export const debianDirectory = ({ cacheDir }: Pick<Sources, 'cacheDir'>): string =>
  join(cacheDir ?? join(tmpdir(), 'berth-downloads'), 'debian');

/**
 * Opens apt for one use. It needs no rights: nothing is installed, every path is below a directory of ours (apt.conf(5)).
 * `status` is dpkg's list of what counts as installed. Needs Debian's apt from 2.6 (Debian 12).
 */
export async function openApt({
  sources,
  status,
}: {
  sources: Pick<Sources, 'apt' | 'cacheDir'>;
  status: string;
}): Promise<Apt> {
  const { lines, options } = sources.apt;
  if (lines.length === 0)
    throw new Error('BERTH_APT_SOURCES is empty: npm start fills it from the apt settings of the host');
  const directory = await mkdtemp(join(tmpdir(), 'berth-apt-'));
  const close = () => rm(directory, { recursive: true, force: true });
  try {
    const hash = createHash('sha256')
      .update(JSON.stringify([lines, options]))
      .digest('hex')
      .slice(0, 16);
    await Promise.all(['etc/apt.conf.d', 'etc/preferences.d', 'cache', 'state'].map((name) => make(directory, name)));
    await Promise.all([
      writeFile(join(directory, 'sources.list'), `${lines.join('\n')}\n`),
      writeFile(join(directory, 'status'), status),
    ]);
    const withLists = (lists: string) => async (argv: readonly [string, ...string[]]) => {
      const path = join(directory, 'apt.conf');
      await writeFile(path, aptConfiguration(directory, lists, options));
      return run(argv, { env: { APT_CONFIG: path, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' } });
    };
    const lists = await updateAptLists(join(debianDirectory(sources), `lists-${hash}`), async (target) => {
      await withLists(target)(['apt-get', '-qq', '--error-on=any', 'update']);
    });
    return { run: withLists(lists), expire: () => expireAptLists(lists), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const make = (directory: string, name: string) => mkdir(join(directory, name), { recursive: true });

function aptConfiguration(directory: string, lists: string, options: readonly string[]): string {
  const paths = {
    Dir: '/nonexistent/',
    'Dir::Etc': `${directory}/etc/`,
    'Dir::Etc::SourceList': `${directory}/sources.list`,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State': `${directory}/state/`,
    'Dir::State::Lists': `${lists}/`,
    'Dir::State::Status': `${directory}/status`,
    'Dir::Cache': `${directory}/cache/`,
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
  };
  const rules = {
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    // Root would hand downloads to the user _apt, who cannot write here.
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    // Without it apt prints the weaker MD5 sums (facts: recipe B).
    'Acquire::ForceHash': 'SHA256',
    'Acquire::Retries': '3',
    // Lists are never written in place (update-apt-lists.ts), the rest is of this one use.
    'Debug::NoLocking': 'true',
  };
  const lines = Object.entries({ ...rules, ...paths }).map(([name, value]) => `${name} "${value}";`);
  return `${[...options, ...lines].join('\n')}\n`;
}

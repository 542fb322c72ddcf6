import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';

/** One `deb` source of the host. */
interface AptSource {
  uri: string;
  suite: string;
  components: string[];
}

/**
 * Lines for sources.list of another Debian release, from the same mirrors as the host's own.
 * `files` are the texts of the host's source lists by name; `.sources` are deb822 (sources.list(5)).
 */
export function sourcesOfSuite(files: Record<string, string>, suite: string): string[] {
  const sources = Object.entries(files).flatMap(([name, text]) =>
    name.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text),
  );
  const isDebian =
    /^(buster|bullseye|bookworm|trixie|forky|stable|oldstable|testing|sid)(-security|-updates|\/updates)?$/;
  const debian = sources.filter((source) => isDebian.test(source.suite) && source.components.includes('main'));
  const main = debian.find((source) => !/-security$|-updates$|\/updates$/.test(source.suite));
  if (!main) throw new Error('No Debian package source in /etc/apt/sources.list or /etc/apt/sources.list.d.');
  const security = debian.find((source) => /-security$|\/updates$/.test(source.suite));
  const keyring = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  return [
    `deb ${keyring} ${main.uri} ${suite} main`,
    ...(debian.some((source) => source.suite.endsWith('-updates'))
      ? [`deb ${keyring} ${main.uri} ${suite}-updates main`]
      : []),
    ...(security ? [`deb ${keyring} ${security.uri} ${suite}-security main`] : []),
  ];
}

function parseDeb822(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = new Map<string, string>();
    let last = '';
    for (const line of paragraph.split('\n').filter((candidate) => !candidate.startsWith('#'))) {
      const field = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (field) {
        last = field[1]!.toLowerCase();
        fields.set(last, field[2]!);
      } else if (/^\s/.test(line)) fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
    }
    const words = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
    if (!words('types').includes('deb') || fields.get('enabled') === 'no') return [];
    return words('uris').flatMap((uri) =>
      words('suites').map((suite) => ({ uri, suite, components: words('components') })),
    );
  });
}

function parseOneLine(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
    return match ? [{ uri: match[1]!, suite: match[2]!, components: match[3]!.split(/\s+/) }] : [];
  });
}

/** The host's source lists by file name. */
export async function readAptSources(directory = '/etc/apt'): Promise<Record<string, string>> {
  const lists = await readdir(join(directory, 'sources.list.d')).catch(() => []);
  const paths = ['sources.list', ...lists.map((name) => join('sources.list.d', name))];
  const texts = await Promise.all(paths.map((path) => readFile(join(directory, path), 'utf8').catch(() => '')));
  return Object.fromEntries(paths.map((path, index) => [path, texts[index]!]));
}

/** How the host's apt reaches its mirrors: proxies and certificate authorities. */
export async function readAptOptions(): Promise<string[]> {
  const { stdout } = await run(['apt-config', 'dump', 'Acquire']);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => /^Acquire::https?::.*(Proxy|CaInfo|CaPath)\b.* ".+";$/i.test(line));
}

import type { LayerEntry } from '@berth/images/layer';
import { link } from '../debian/link.js';
import { ownRoot } from '../own-files.js';

const sapis = ['cli', 'fpm'];

/**
 * What the scripts of Debian's PHP packages would do: the command `php`, a php.ini for each way to run PHP, and every
 * extension switched on. Our own settings come after all of them.
 */
export async function linkPhp(branch: string, files: ReadonlyMap<string, LayerEntry>): Promise<LayerEntry[]> {
  const copy = (from: string, path: string): LayerEntry => {
    const file = files.get(from);
    if (!file) throw new Error(`Debian's PHP has no ${from}`);
    return { ...file, path };
  };
  const ini = `usr/lib/php/${branch}/php.ini-production`;
  return [
    link('usr/bin/php', `php${branch}`),
    copy(`${ini}.cli`, `etc/php/${branch}/cli/php.ini`),
    copy(ini, `etc/php/${branch}/fpm/php.ini`),
    ...(await extensionEntries(branch, files)),
    ...sapis.map((sapi) => link(`etc/php/${branch}/${sapi}/conf.d/99-berth.ini`, `/${ownRoot('php')}/berth.ini`)),
  ];
}

/** `usr/share/php8.4-xml/xml/dom.ini` → `mods-available/dom.ini`, and a link to it in each conf.d, by its own priority. */
async function extensionEntries(branch: string, files: ReadonlyMap<string, LayerEntry>): Promise<LayerEntry[]> {
  const available = `etc/php/${branch}/mods-available`;
  const shipped = new RegExp(`^(usr/share/php${branch}-[^/]+/[^/]+|${available})/([^/]+)\\.ini$`);
  const entries: LayerEntry[] = [];
  for (const file of files.values()) {
    const name = shipped.exec(file.path)?.[2];
    if (name === undefined || file.type !== 'file') continue;
    const number = /^; priority=(\d+)/m.exec(await textOf(file))?.[1] ?? '20';
    const enabled = (sapi: string) => `etc/php/${branch}/${sapi}/conf.d/${number}-${name}.ini`;
    entries.push({ ...file, path: `${available}/${name}.ini` });
    entries.push(...sapis.map((sapi) => link(enabled(sapi), `/${available}/${name}.ini`)));
  }
  return entries;
}

async function textOf({ content }: LayerEntry): Promise<string> {
  return String((typeof content === 'function' ? await content() : content) ?? '');
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mapNames, type RouterMaps, renderMap } from '@berth/router/maps';
import { fingerprintOf, renderConfig } from '@berth/router/render-config';
import { renderPages } from '@berth/router/render-pages';
import { type RouterSettings, routerPaths } from '@berth/router/router-settings';
import type { LiveServers } from '@berth/router/server-line';
import type { Stock } from '@berth/router/slots';

/** Settings that the controller is given; the rest it finds out. */
export type GivenSettings = Omit<RouterSettings, 'stock' | 'hasAppsCertificate' | 'hasPlatformCertificate'>;

/**
 * The files that HAProxy starts from. They always hold what HAProxy has, so that one that was killed comes back serving
 * without us. Each is replaced whole, and only when it differs.
 */
export class RouterFiles {
  readonly #given: GivenSettings;
  readonly #written = new Map<string, string>();

  constructor(given: GivenSettings) {
    this.#given = given;
  }

  /** Settings and fingerprint of the configuration that is wanted now: changes with the stock and the certificates. */
  async wanted(stock: Stock): Promise<{ settings: RouterSettings; fingerprint: string }> {
    const paths = routerPaths(this.#given.dir);
    const [apps, platform] = await Promise.all([digestOf(paths.appsCertificate), digestOf(paths.platformCertificate)]);
    const settings = {
      ...this.#given,
      stock,
      hasAppsCertificate: apps !== undefined,
      hasPlatformCertificate: platform !== undefined,
    };
    const others = [...renderPages().values(), apps ?? '', platform ?? ''];
    return { settings, fingerprint: fingerprintOf(settings, others) };
  }

  /** The configuration comes last: HAProxy's container waits for it. */
  async write(
    wanted: { settings: RouterSettings; fingerprint: string },
    maps: RouterMaps,
    live: LiveServers,
  ): Promise<void> {
    const paths = routerPaths(this.#given.dir);
    for (const [name, html] of renderPages()) await this.#replace(paths.page(name), html);
    for (const name of mapNames) await this.#replace(paths.map(name), renderMap(maps[name]));
    await this.#replace(paths.crtList, `${paths.appsCertificate}\n`);
    await this.#replace(paths.config, renderConfig(wanted.settings, wanted.fingerprint, live));
  }

  async #replace(path: string, content: string): Promise<void> {
    if (this.#written.get(path) === content) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, content, { mode: 0o600 });
    await rename(`${path}.new`, path);
    this.#written.set(path, content);
  }
}

/** undefined: there is no such file yet. */
async function digestOf(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

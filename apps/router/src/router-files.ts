import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mapNames, type RouterMaps, renderMap } from '@berth/router/maps';
import { fingerprintOf, renderConfig } from '@berth/router/render-config';
import { renderPages } from '@berth/router/render-pages';
import { renderWakeScript } from '@berth/router/render-wake';
import { type RouterSettings, routerPaths } from '@berth/router/router-settings';
import type { LiveServers } from '@berth/router/server-line';
import type { Stock } from '@berth/router/slots';

/** Settings that the controller is given; the rest it finds out. */
export type GivenSettings = Omit<RouterSettings, 'stock' | 'hasAppsCertificate' | 'hasPlatformCertificate'>;

export interface WantedConfig {
  settings: RouterSettings;
  fingerprint: string;
}

/**
 * The files that HAProxy starts from. They always hold what HAProxy has, so that one that was killed comes back serving
 * without us. Each is replaced whole, and only when it differs.
 */
export class RouterFiles {
  readonly #given: GivenSettings;
  readonly #wakeScript: string;
  readonly #pages = renderPages();
  readonly #written = new Map<string, string>();
  #wanted: { key: string; config: WantedConfig } | undefined;
  #rendered: { key: string; config: string } | undefined;

  constructor(given: GivenSettings) {
    this.#given = given;
    this.#wakeScript = renderWakeScript(given.wake);
  }

  /** Settings and fingerprint of the configuration that is wanted now: changes with the stock and the certificates. */
  async wanted(stock: Stock): Promise<WantedConfig> {
    const paths = routerPaths(this.#given.dir);
    const certificates = await Promise.all([versionOf(paths.appsCertificate), versionOf(paths.platformCertificate)]);
    const key = JSON.stringify([stock, certificates]);
    if (this.#wanted?.key === key) return this.#wanted.config;
    const [apps, platform] = certificates;
    const settings = {
      ...this.#given,
      stock: { ...stock },
      hasAppsCertificate: apps !== undefined,
      hasPlatformCertificate: platform !== undefined,
    };
    const others = [...this.#pages.values(), this.#wakeScript, apps ?? '', platform ?? ''];
    const config = { settings, fingerprint: fingerprintOf(settings, others) };
    this.#wanted = { key, config };
    return config;
  }

  /** The configuration comes last: HAProxy's container waits for it. */
  async write(wanted: WantedConfig, maps: RouterMaps, live: LiveServers): Promise<void> {
    const paths = routerPaths(this.#given.dir);
    for (const [name, html] of this.#pages) await this.#replace(paths.page(name), html);
    await this.#replace(paths.wakeScript, this.#wakeScript);
    for (const name of mapNames) await this.#replace(paths.map(name), renderMap(maps[name]));
    await this.#replace(paths.crtList, `${paths.appsCertificate}\n`);
    await this.#replace(paths.config, this.#render(wanted, live));
  }

  /** Thousands of lines, at each look: made again only when something in them is another. */
  #render({ settings, fingerprint }: WantedConfig, live: LiveServers): string {
    const key = JSON.stringify([fingerprint, [...live]]);
    if (this.#rendered?.key !== key) this.#rendered = { key, config: renderConfig(settings, fingerprint, live) };
    return this.#rendered.config;
  }

  async #replace(path: string, content: string): Promise<void> {
    if (this.#written.get(path) === content) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, content, { mode: 0o600 });
    await rename(`${path}.new`, path);
    this.#written.set(path, content);
  }
}

/** Size and time of a file: one that is replaced differs. undefined: there is no such file yet. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size } = await stat(path);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

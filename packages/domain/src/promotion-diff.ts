import { z } from 'zod';
import { type RunSettings, runOverride, settingsIn } from './run-settings.js';

/** What one thing is before and after; null: it is not there. */
export interface Change {
  name: string;
  from: string | null;
  to: string | null;
}

/** What differs between two tables of names, by name. */
export function diffTables(from: Record<string, string>, to: Record<string, string>): Change[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  const valueIn = (table: Record<string, string>, name: string) =>
    Object.hasOwn(table, name) ? (table[name] ?? null) : null;
  return names
    .map((name) => ({ name, from: valueIn(from, name), to: valueIn(to, name) }))
    .filter((change) => change.from !== change.to);
}

/** An image's row, as far as the app's files made it. */
export type FilesOfImage = Parameters<typeof settingsIn>[0] & { needs: readonly string[]; postdeploy: string | null };

/**
 * What an app's files came to where these sections hold: {@link toTable}, services that it needs, what runs after a first deploy, and
 * the sections of the other environments. @param here sections that are left out of these, for they are in the rest
 */
export function filesTable(image: FilesOfImage, sections: readonly string[], here = sections): Record<string, string> {
  const others = Object.entries(z.record(z.string(), runOverride).parse(image.environments));
  return {
    ...toTable(settingsIn(image, sections)),
    ...(image.needs.length > 0 && { needs: image.needs.join(', ') }),
    ...(image.postdeploy !== null && { postdeploy: image.postdeploy }),
    ...Object.fromEntries(
      others
        .filter(([name]) => !here.includes(name))
        .map(([name, section]) => [`environment ${name}`, JSON.stringify(section)]),
    ),
  };
}

/** `web`, `web at first`, `healthcheck`, `agent metrics`, `cron.1` → what is said of it. */
export function toTable({ processTypes, healthcheck, agents, cron }: RunSettings): Record<string, string> {
  const first = processTypes.filter(({ quantity, size }) => quantity !== undefined || size !== undefined);
  return Object.fromEntries([
    ...first.map(({ name, quantity, size }) => [
      `${name} at first`,
      [quantity, size].filter((one) => one !== undefined).join(' × '),
    ]),
    ...processTypes.map(({ name, command, singleton }) => [name, singleton ? `${command} (singleton)` : command]),
    ...(healthcheck ? [['healthcheck', JSON.stringify(healthcheck)]] : []),
    ...agents.map(({ name, command, processes }) => [
      `agent ${name}`,
      processes ? `${command} (beside ${processes.join(', ')})` : command,
    ]),
    ...cron.map((job, index) => [`cron.${index + 1}`, JSON.stringify(job)]),
  ]);
}

/**
 * The libraries in a CycloneDX SBOM: package URL without version → its versions. Packages of the operating system are
 * among them; layers and the image itself are not.
 */
export function librariesOf(sbom: unknown): Record<string, string> {
  const components = (sbom as { components?: unknown }).components;
  const libraries = new Map<string, Set<string>>();
  for (const component of Array.isArray(components) ? components : []) {
    const { type, purl, version } = component as { type?: unknown; purl?: unknown; version?: unknown };
    if (type !== 'library' || typeof purl !== 'string' || typeof version !== 'string') continue;
    const name = decodeURIComponent(
      purl
        .replace(/^pkg:/, '')
        .replace(/[?#].*$/, '')
        .replace(/@[^@/]*$/, ''),
    );
    libraries.set(name, (libraries.get(name) ?? new Set()).add(version));
  }
  return Object.fromEntries([...libraries].map(([name, versions]) => [name, [...versions].sort().join(', ')]));
}

import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lookEach } from '@berth/daemon/look-each';
import type { JailShape } from '../interface.js';
import type { DockerHost } from './docker-host.js';
import type { JailMaker } from './jail-maker.js';
import { cachePath } from './kept-disks.js';
import type { Jail } from './make-jail.js';

/** One that no build took for so long goes: its app is not being worked on, or is gone, ms. */
const keptMs = 6 * 3_600_000;
const lookEveryMs = 10 * 60_000;

/**
 * Jails that wait prepared, at most one per shape; the oldest goes when there are too many of apps, or too many for none. One
 * without a cache's name has an empty cache disk: it becomes that of the first app that comes with a cache that is not there yet.
 */
export interface SpareJails {
  add: (shape: JailShape) => Promise<void>;
  /** A running spare that fits this shape, which is no spare any more then. Waits for one that is being made. */
  take: (shape: JailShape) => Promise<Jail | undefined>;
  /** Removes those of another shape that hold this cache disk. */
  freeCache: (cacheKey: string) => Promise<void>;
  stop: () => Promise<void>;
}

export function openSpareJails(host: DockerHost, maker: JailMaker): SpareJails {
  const spares = new Map<string, { shape: JailShape; jail: Promise<Jail>; madeAt: number }>();

  /** Those for no app count apart, so that they take no app's place. */
  const tooMany = ({ cacheKey }: JailShape) => {
    const alike = [...spares].filter(([, { shape }]) => (shape.cacheKey === undefined) === (cacheKey === undefined));
    return alike.length > host.settings.sparesMax ? alike[0]?.[0] : undefined;
  };
  const drop = async (key: string) => {
    const spare = spares.get(key);
    spares.delete(key);
    const jail = await spare?.jail.catch(() => undefined);
    if (jail) await maker.remove(jail);
  };
  const dropOld = async () => {
    for (const [key, { madeAt }] of spares) if (Date.now() - madeAt > keptMs) await drop(key);
  };
  const onError = (err: unknown) => host.note('old spare jails', { err });
  const looks = lookEach({ everyMs: lookEveryMs, onError }, dropOld);

  const takeOf = async (key: string) => {
    const spare = spares.get(key);
    if (!spare) return undefined;
    spares.delete(key);
    const jail = await spare.jail.catch(() => undefined);
    if (jail && (await isRunning(host, jail))) return jail;
    if (jail) await maker.remove(jail);
    return undefined;
  };

  const removeNameless = async (jail: Jail, error: unknown) => {
    host.note('name the cache of a spare jail', { err: error });
    await maker.remove(jail);
    return undefined;
  };

  return {
    add: async (shape) => {
      const key = shapeKey(shape);
      if (host.settings.sparesMax === 0 || spares.has(key)) return;
      const jail = maker.make(shapeOf(shape));
      spares.set(key, { shape, jail, madeAt: Date.now() });
      jail.catch(() => spares.get(key)?.jail === jail && spares.delete(key));
      const oldest = tooMany(shape);
      if (oldest !== undefined) await drop(oldest);
      await jail;
    },
    take: async (shape) => {
      const own = await takeOf(shapeKey(shape));
      if (own || shape.cacheKey === undefined) return own;
      const path = cachePath(host.settings.disksDirectory, shape.cacheKey);
      if (existsSync(path)) return undefined;
      const unnamed = await takeOf(shapeKey({ ...shape, cacheKey: undefined }));
      return unnamed && nameCache(unnamed, shapeOf(shape), path).catch((error) => removeNameless(unnamed, error));
    },
    freeCache: async (cacheKey) => {
      for (const [key, { shape }] of spares) if (shape.cacheKey === cacheKey) await drop(key);
    },
    stop: async () => {
      await looks.stop();
      await Promise.all([...spares.keys()].map(drop));
    },
  };
}

/** The disk keeps its device when its image gets another name. */
async function nameCache(jail: Jail, shape: JailShape, imagePath: string): Promise<Jail> {
  await mkdir(dirname(imagePath), { recursive: true });
  await rename(jail.cache.imagePath, imagePath);
  return { ...jail, shape, cache: { ...jail.cache, imagePath } };
}

async function isRunning(host: DockerHost, jail: Jail): Promise<boolean> {
  const info = await host.docker
    .getContainer(jail.containerId)
    .inspect()
    .catch(() => undefined);
  return info?.State.Running === true;
}

/** Without what a JailSpec has besides: a spare must not keep the build it was prepared after. */
function shapeOf({ cacheKey, image, limits, kind }: JailShape): JailShape {
  return { image, limits, ...(cacheKey === undefined ? {} : { cacheKey }), ...(kind === undefined ? {} : { kind }) };
}

function shapeKey({
  cacheKey,
  image,
  limits,
  kind,
}: Omit<JailShape, 'cacheKey'> & { cacheKey?: string | undefined }): string {
  const { memoryBytes, cpuShares, pidsMax, diskBytes, cacheBytes } = limits;
  const { repository, digest } = image;
  return JSON.stringify([cacheKey, kind, repository, digest, memoryBytes, cpuShares, pidsMax, diskBytes, cacheBytes]);
}

import type { JailShape } from '../interface.js';
import type { DockerHost } from './docker-host.js';
import type { JailMaker } from './jail-maker.js';
import type { Jail } from './make-jail.js';

/** One that no build took for so long goes: its app is not being worked on, or is gone, ms. */
const keptMs = 6 * 3_600_000;
const lookEveryMs = 10 * 60_000;

/** Jails that wait prepared, at most one per shape; the oldest goes when there are too many. */
export interface SpareJails {
  add: (shape: JailShape) => Promise<void>;
  /** A running spare of this shape, which is no spare any more then. Waits for one that is being made. */
  take: (shape: JailShape) => Promise<Jail | undefined>;
  /** Removes those of another shape that hold this cache disk. */
  freeCache: (cacheKey: string) => Promise<void>;
  stop: () => Promise<void>;
}

export function openSpareJails(host: DockerHost, maker: JailMaker): SpareJails {
  const spares = new Map<string, { shape: JailShape; jail: Promise<Jail>; madeAt: number }>();

  const drop = async (key: string) => {
    const spare = spares.get(key);
    spares.delete(key);
    const jail = await spare?.jail.catch(() => undefined);
    if (jail) await maker.remove(jail);
  };
  const dropOld = async () => {
    for (const [key, { madeAt }] of spares) if (Date.now() - madeAt > keptMs) await drop(key);
  };
  const timer = setInterval(
    () => void dropOld().catch((error: unknown) => host.note('old spare jails', { err: error })),
    lookEveryMs,
  );

  return {
    add: async (shape) => {
      const key = shapeKey(shape);
      if (host.settings.sparesMax === 0 || spares.has(key)) return;
      const jail = maker.make(shapeOf(shape));
      spares.set(key, { shape, jail, madeAt: Date.now() });
      jail.catch(() => spares.get(key)?.jail === jail && spares.delete(key));
      const oldest = spares.keys().next().value;
      if (spares.size > host.settings.sparesMax && oldest !== undefined) await drop(oldest);
      await jail;
    },
    take: async (shape) => {
      const key = shapeKey(shape);
      const spare = spares.get(key);
      if (!spare) return undefined;
      spares.delete(key);
      const jail = await spare.jail.catch(() => undefined);
      if (jail && (await isRunning(host, jail))) return jail;
      if (jail) await maker.remove(jail);
      return undefined;
    },
    freeCache: async (cacheKey) => {
      for (const [key, { shape }] of spares) if (shape.cacheKey === cacheKey) await drop(key);
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all([...spares.keys()].map(drop));
    },
  };
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

function shapeKey({ cacheKey, image, limits, kind }: JailShape): string {
  const { memoryBytes, cpuShares, pidsMax, diskBytes, cacheBytes } = limits;
  const { repository, digest } = image;
  return JSON.stringify([cacheKey, kind, repository, digest, memoryBytes, cpuShares, pidsMax, diskBytes, cacheBytes]);
}

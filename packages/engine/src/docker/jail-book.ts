import { TransientError } from '@berth/domain/errors';
import type { JailShape, JailSpec, OpenedJail } from '../interface.js';
import type { DockerHost } from './docker-host.js';
import type { JailMaker } from './jail-maker.js';
import type { Jail } from './make-jail.js';
import { openSpareJails } from './spare-jails.js';

/** After a build its release needs the CPU more than the next build's jail does. */
const prepareAfterMs = 2_000;

/**
 * Which jails there are and which build has each. Only in memory: commands run through this process, so a jail whose
 * host process died is worth nothing and is swept when the next one starts.
 */
export interface JailBook {
  open: (spec: JailSpec) => Promise<OpenedJail>;
  prepare: (shape: JailShape) => Promise<void>;
  /** Throws a TransientError when it is gone: the build is tried again. */
  get: (jailId: string) => Jail;
  close: (jailId: string) => Promise<void>;
  list: () => { jailId: string; buildId: string }[];
  /** Closes all, spares too. */
  stop: () => Promise<void>;
}

export function openJailBook(host: DockerHost, maker: JailMaker): JailBook {
  const open = new Map<string, { jail: Jail; buildId: string }>();
  const opening = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const spares = openSpareJails(host, maker);

  const isCacheBusy = ({ cacheKey }: JailShape) =>
    cacheKey !== undefined &&
    (opening.has(cacheKey) || [...open.values()].some(({ jail }) => jail.shape.cacheKey === cacheKey));

  const prepare = async (shape: JailShape) => {
    if (!isCacheBusy(shape)) await spares.add(shape);
  };
  /** One for the next build of the app, and one for the first build of another with the same tools. */
  const prepareAfter = async ({ cacheKey, ...shape }: JailShape) => {
    if (cacheKey === undefined || host.settings.sparesMax > 1) await spares.add(shape);
    if (cacheKey !== undefined) await prepare({ ...shape, cacheKey });
  };

  const close = async (jailId: string) => {
    const entry = open.get(jailId);
    if (!entry) return;
    await maker.remove(entry.jail);
    open.delete(jailId);
    const timer = setTimeout(() => {
      timers.delete(timer);
      prepareAfter(entry.jail.shape).catch((error: unknown) => host.note('prepare jail', { err: error }));
    }, prepareAfterMs);
    timers.add(timer);
  };

  const openJail = async (spec: JailSpec) => {
    for (const [jailId, { buildId }] of open) if (buildId === spec.buildId) await close(jailId);
    if (isCacheBusy(spec)) throw new TransientError(`Another build has the cache ${spec.cacheKey}.`);
    if (spec.cacheKey !== undefined) opening.add(spec.cacheKey);
    try {
      const jail = (await spares.take(spec)) ?? (await makeFor(spec));
      open.set(jail.jailId, { jail, buildId: spec.buildId });
      return { jailId: jail.jailId, isCacheNew: jail.cache.isNew };
    } finally {
      if (spec.cacheKey !== undefined) opening.delete(spec.cacheKey);
    }
  };

  const makeFor = async (spec: JailSpec) => {
    if (spec.cacheKey !== undefined) await spares.freeCache(spec.cacheKey);
    return maker.make(spec);
  };

  const stop = async () => {
    for (const timer of timers) clearTimeout(timer);
    await spares.stop();
    for (const { jail } of open.values()) await maker.remove(jail);
    open.clear();
    maker.stop();
  };

  const get = (jailId: string) => {
    const entry = open.get(jailId);
    if (!entry) throw new TransientError(`Jail ${jailId} is gone.`);
    return entry.jail;
  };

  const list = () => [...open].map(([jailId, { buildId }]) => ({ jailId, buildId }));
  return { open: openJail, prepare, get, close, list, stop };
}

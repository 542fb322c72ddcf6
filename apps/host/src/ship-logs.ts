import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@berth/daemon/logger';
import type { Stoppable } from '@berth/daemon/run';
import type { DockerHost } from '@berth/engine/docker/docker-host';
import { label, labelFilter } from '@berth/engine/docker/labels';
import { watchEvents } from '@berth/engine/docker/watch-events';
import type { Redis } from 'ioredis';
import { placesKey, type Source, shipContainer } from './ship-container.js';

export interface LogShipper extends Stoppable {
  /** Resolves when a stopped container's last lines are stored, after 2 s at the latest. */
  whenShipped: (containerId: string) => Promise<void>;
}

const lookEveryMs = 10_000;
const lastLinesWaitMs = 2_000;

/**
 * Ships what every instance prints: those there are at start (also ended ones: they may have died while nobody read),
 * and each that starts. A look every 10 s finds what a lost event hid.
 */
export function shipLogs(host: DockerHost, redis: Redis, logger: Logger): LogShipper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Map<string, Promise<void>>();
  const instance = host.names.instance;

  const ship = (source: Source) => {
    if (running.has(source.containerId)) return;
    const shipping = shipContainer({ host, redis, instance, signal }, source)
      .catch((error: unknown) => signal.aborted || logger.warn({ err: error, containerId: source.containerId }, 'ship'))
      .then(() => void running.delete(source.containerId));
    running.set(source.containerId, shipping);
  };
  const look = async (all: boolean) => {
    const found = await host.docker.listContainers({ all, filters: labelFilter(host, 'instance') });
    for (const { Id, Labels } of found)
      ship({
        containerId: Id,
        appId: Labels[label.app]!,
        process: `${Labels[label.process]}.${Labels[label.index]}`,
        agents: Labels[label.agents]?.split(' ') ?? [],
      });
    if (all) await forgetGone(redis, instance, new Set(found.map(({ Id }) => Id)));
  };
  const keepLooking = async () => {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      await look(isFirst).catch((error: unknown) => logger.warn({ err: error }, 'look for logs'));
      await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
    }
  };
  const onEvent = async ({ action, containerId }: { action: string; containerId: string }) => {
    if (action === 'start') await look(false).catch((error: unknown) => logger.warn({ err: error }, 'look for logs'));
    if (action === 'destroy') await redis.hdel(placesKey(instance), containerId).catch(() => {});
  };
  const ends = [keepLooking(), watchEvents(host, onEvent, signal)];
  return {
    whenShipped: async (containerId) => {
      await Promise.race([running.get(containerId), sleep(lastLinesWaitMs, undefined, { ref: false })]);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([...ends, ...running.values()]);
    },
  };
}

/** Containers that went while no host process ran. */
async function forgetGone(redis: Redis, instance: string, present: ReadonlySet<string>): Promise<void> {
  const gone = (await redis.hkeys(placesKey(instance))).filter((id) => !present.has(id));
  if (gone.length > 0) await redis.hdel(placesKey(instance), ...gone);
}

import { availableParallelism } from 'node:os';
import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import { meterUsage, type UsageEntry, type UsageSample } from '@berth/domain/meter-usage';
import type { HostUsage } from '@berth/engine/host-usage';
import { addUsage } from '@berth/platform/usage/add-usage';
import { findAppsOf } from '@berth/platform/usage/find-apps-of';
import { findAppsOfOthers } from '@berth/platform/usage/find-apps-of-others';
import { saveHostLook } from '@berth/platform/usage/host-look';
import type { Releaser } from './releaser.js';

/**
 * Looks what every container has used, each `everyMs`, until `stop`. What is used while no releaser looks is not counted: the
 * first look after a start only remembers. What was seen last is kept for the pages that say what the host has left.
 * @param freeMemory share of the host's memory that is kept free
 */
export function keepMetering(
  { platform, engine, logger }: Releaser,
  { freeMemory, everyMs = 60_000 }: { freeMemory: number; everyMs?: number },
): Stoppable {
  let before: { samples: UsageSample[]; at: number } | undefined;
  const look = async () => {
    const usage = await engine.readUsage();
    const samples = usage.containers;
    const now = { samples, at: performance.now() };
    const last = before;
    before = now;
    if (!last) return;
    const elapsedMs = now.at - last.at;
    const entries = meterUsage(last.samples, samples, elapsedMs);
    const appOf = await findAppsOf(
      platform,
      samples.map(({ containerId }) => containerId),
    );
    const containers = toContainers(usage, entries, elapsedMs);
    await saveHostLook(platform, { ...toHost(usage, freeMemory), containers, appOf });
    const listed = await engine.listOthers().catch((err: unknown) => {
      logger.warn({ err }, 'usage of one-offs and Redis servers'); // theirs alone is lost
      return [];
    });
    const others = await findAppsOfOthers(platform, listed);
    await addUsage(platform, { at: new Date(), entries, appOf, others });
  };
  return lookEach({ everyMs, isFirstNow: true, onError: (err) => logger.warn({ err }, 'usage') }, look);
}

const toHost = ({ memory, swap }: HostUsage, freeMemory: number) => ({
  ...{ memory, swap, cpus: availableParallelism() },
  headroomBytes: memory.totalBytes * freeMemory,
});

/** `entries` are of the same containers in the same order. */
const toContainers = ({ containers }: HostUsage, entries: readonly UsageEntry[], elapsedMs: number) =>
  containers.map(({ containerId, ownBytes }, index) => ({
    ...{ containerId, ownBytes },
    cpus: (entries[index]?.cpuMs ?? 0) / elapsedMs,
  }));

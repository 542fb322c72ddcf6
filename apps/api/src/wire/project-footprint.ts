import { costOf, type Prices } from '@berth/domain/meter-usage';
import type { Footprint, Taken } from '@berth/platform/projects/get-footprint';

/** Ours: what a project environment takes and has used, beside a full copy of its base. `cost` null: this Berth has no prices. */
export const toWireFootprint = ({ own, copy, used }: Footprint, prices: Prices | undefined) => ({
  own: toWireTaken(own),
  copy: toWireTaken(copy),
  used: {
    cpu_hours: used.cpuHours,
    gib_hours: used.gibHours,
    awake_hours: used.awakeHours,
    asleep_hours: used.asleepHours,
  },
  cost: prices ? costOf(used, prices) : null,
});

/** `now` null: nobody has looked for minutes. */
const toWireTaken = ({ apps, memoryMiB, cpus, now, freedBytes }: Taken) => ({
  ...{ apps, memory_mib: memoryMiB, cpus },
  now: now && { own_bytes: now.ownBytes, cpus: now.cpus },
  freed_bytes: freedBytes,
});

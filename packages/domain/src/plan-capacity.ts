import { defaultSize, parseSize } from './sizes.js';
import { isAsleep, type SleepState } from './sleep-state.js';

/** The host, and what it is planned to keep free. Memory in bytes. */
export interface HostFacts {
  cpus: number;
  totalBytes: number;
  availableBytes: number;
  headroomBytes: number;
}

/** One app that has something to run. */
export interface PlacedApp {
  state: SleepState;
  /** Limits of all its wanted instances together. */
  reservedBytes: number;
  /** Weights of them, in cores. */
  reservedCpus: number;
  /** Memory of its own as it was seen last, and cores that it kept busy. */
  ownBytes: number;
  busyCpus: number;
  /** What it has given back while it sleeps. */
  freedBytes: number;
}

export interface Capacity {
  running: Sums;
  asleep: Sums & { frozen: number; pushedOut: number; stopped: number; imageOnly: number; freedBytes: number };
  room: {
    /** Beside the headroom. */
    bytes: number;
    /** Instances of the default size that fit if each takes all that it may. */
    fullApps: number;
    /** Apps that fit if they take what those that run take on average; null: none runs. */
    usualApps: number | null;
    /** Of the memory that is given back, what would not fit if everything woke at once. */
    missingBytes: number;
  };
}

interface Sums {
  apps: number;
  reservedBytes: number;
  reservedCpus: number;
  ownBytes: number;
  busyCpus: number;
}

/** What of a host is taken, what sleeps, and what could still start beside the headroom. */
export function planCapacity(host: HostFacts, apps: readonly PlacedApp[]): Capacity {
  const asleep = apps.filter(({ state }) => isAsleep(state));
  const running = apps.filter(({ state }) => !isAsleep(state));
  const freedBytes = total(asleep, 'freedBytes');
  const bytes = Math.max(0, host.availableBytes - host.headroomBytes);
  const usual = running.length > 0 ? total(running, 'ownBytes') / running.length : 0;
  const countOf = (state: SleepState) => asleep.filter((app) => app.state === state).length;
  return {
    running: sumsOf(running),
    asleep: {
      ...sumsOf(asleep),
      ...{ frozen: countOf('frozen'), pushedOut: countOf('pushed_out'), freedBytes },
      ...{ stopped: countOf('stopped'), imageOnly: countOf('image_only') },
    },
    room: {
      bytes,
      fullApps: Math.floor(bytes / parseSize(defaultSize).memoryBytes),
      usualApps: usual > 0 ? Math.floor(bytes / usual) : null,
      missingBytes: Math.max(0, freedBytes - bytes),
    },
  };
}

const sumsOf = (apps: readonly PlacedApp[]): Sums => ({
  apps: apps.length,
  reservedBytes: total(apps, 'reservedBytes'),
  reservedCpus: total(apps, 'reservedCpus'),
  ownBytes: total(apps, 'ownBytes'),
  busyCpus: total(apps, 'busyCpus'),
});

const total = (apps: readonly PlacedApp[], name: Exclude<keyof PlacedApp, 'state'>): number =>
  apps.reduce((sum, app) => sum + app[name], 0);

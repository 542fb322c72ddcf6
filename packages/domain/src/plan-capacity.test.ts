import { describe, expect, it } from 'vitest';
import { type PlacedApp, planCapacity } from './plan-capacity.js';

const GiB = 1024 ** 3;
const host = { cpus: 2, totalBytes: 8 * GiB, availableBytes: 3 * GiB, headroomBytes: GiB };
const app = (more: Partial<PlacedApp> = {}): PlacedApp => ({
  ...{ state: 'awake', reservedBytes: GiB / 2, reservedCpus: 0.5, ownBytes: GiB / 8, busyCpus: 0.25, freedBytes: 0 },
  ...more,
});

describe('the capacity of a host', () => {
  it('is what is free beside the headroom, in apps of full size and in apps as they are', () => {
    const { running, room } = planCapacity(host, [app(), app({ ownBytes: GiB / 4, state: 'waking' })]);
    expect(running).toEqual({
      apps: 2,
      reservedBytes: GiB,
      reservedCpus: 1,
      ownBytes: (GiB * 3) / 8,
      busyCpus: 0.5,
    });
    expect(room).toEqual({ bytes: 2 * GiB, fullApps: 4, usualApps: 10, missingBytes: 0 });
  });

  it('counts what sleeps by its step, and says what would not fit if all of it woke', () => {
    const freed = (state: PlacedApp['state']) => app({ state, ownBytes: 0, busyCpus: 0, freedBytes: GiB });
    const { asleep, running, room } = planCapacity(host, [freed('frozen'), freed('pushed_out'), freed('image_only')]);
    expect(running.apps).toBe(0);
    expect(asleep).toMatchObject({ apps: 3, frozen: 1, pushedOut: 1, stopped: 0, imageOnly: 1, freedBytes: 3 * GiB });
    expect(room).toMatchObject({ usualApps: null, missingBytes: GiB });
  });

  it('has no room, and no less than none, when the headroom is used', () => {
    expect(planCapacity({ ...host, availableBytes: 1 }, []).room).toMatchObject({ bytes: 0, fullApps: 0 });
  });
});

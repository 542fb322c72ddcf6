import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import { openTestEngine, type TestEngine } from './open-engine.js';

/** Counts, and holds 16 MiB that it has written to. */
const counter = `exec perl -e 'my $held = "x" x (16 << 20); $| = 1; for (my $i = 0;; $i++) { open(my $f, ">", "/tmp/n"); print $f $i; close $f; select(undef, undef, undef, 0.01) }'`;

describe('sleep', () => {
  let engine: TestEngine;
  const group = () => engine.group({ rolloutId: 'sleeper', command: counter });
  beforeAll(async () => {
    engine = await openTestEngine();
    await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'project' });
  });
  afterAll(() => engine.close());

  /** From outside: a process inside of a frozen container would be frozen too. */
  const usageOf = async (containerId: string) =>
    (await engine.release.readUsage()).containers.find((one) => one.containerId === containerId);

  const activityOf = async (containerId: string) =>
    (await engine.release.readActivity()).containers.find((one) => one.containerId === containerId);

  it('freezes what runs where it is, and lets it go on there; Docker goes on saying "running"', async () => {
    const { containerId } = await engine.release.startInstance(group(), 1);
    await until('it counts', async () => ((await usageOf(containerId))?.cpuMs ?? 0) > 30);
    await engine.release.freezeInstances([containerId]);
    const frozen = await usageOf(containerId);
    expect(frozen?.isFrozen).toBe(true);
    expect(await activityOf(containerId)).toEqual({ containerId, isFrozen: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await usageOf(containerId))?.cpuMs).toBe(frozen?.cpuMs);
    const [listed] = await engine.release.listInstances({ rolloutId: 'sleeper' });
    expect(listed?.state).toBe('running');
    expect(await engine.release.thawInstances([containerId])).toEqual({ gone: [] });
    await until('it goes on', async () => ((await usageOf(containerId))?.cpuMs ?? 0) > (frozen?.cpuMs ?? 0));
    expect((await usageOf(containerId))?.isFrozen).toBe(false);
    const activity = await activityOf(containerId);
    expect(activity).toMatchObject({ isFrozen: false });
    expect(activity?.cpuMs).toBeGreaterThan(frozen?.cpuMs ?? 0);
  });

  it('gives back the memory of what is frozen where there is swap, and says so where there is none', async () => {
    const [{ containerId } = { containerId: '' }] = await engine.release.listInstances({ rolloutId: 'sleeper' });
    await engine.release.freezeInstances([containerId]);
    const before = (await usageOf(containerId))?.memoryBytes ?? 0;
    expect(before).toBeGreaterThan(16 << 20);
    const isPushed = await engine.release.pushOutInstances([containerId]);
    expect(isPushed).toBe(engine.host.facts.hasSwap);
    if (isPushed) expect((await usageOf(containerId))?.memoryBytes).toBeLessThan(before / 2);
    await engine.release.thawInstances([containerId]);
    const { cpuMs = 0 } = (await usageOf(containerId)) ?? {};
    await until('it goes on', async () => ((await usageOf(containerId))?.cpuMs ?? 0) > cpuMs);
  });

  it('hears of a process that says it works, until that ends, and nothing of what is gone', async () => {
    const listen = `use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); bind($s, pack("Sa*", AF_UNIX, "\\0berth-busy-job")) or die; listen($s, 1); sleep 3600`;
    const idle = await engine.release.startInstance(engine.group({ rolloutId: 'idle', command: 'sleep 3600' }), 1);
    expect(await engine.release.saysBusy([idle.containerId])).toBe(false);
    const working = engine.group({ rolloutId: 'working', command: `exec perl -e '${listen}'` });
    const { containerId } = await engine.release.startInstance(working, 1);
    await until('it says so', () => engine.release.saysBusy([containerId]));
    expect(await engine.release.saysBusy([idle.containerId, containerId])).toBe(true);
    await engine.release.stopInstance({ rolloutId: 'working', processType: 'web', index: 1 }, 0);
    expect(await engine.release.saysBusy([idle.containerId, containerId, 'f'.repeat(64)])).toBe(false);
  });

  it('freezes all or none', async () => {
    const [{ containerId } = { containerId: '' }] = await engine.release.listInstances({ rolloutId: 'sleeper' });
    await expect(engine.release.freezeInstances([containerId, 'f'.repeat(64)])).rejects.toThrow('is gone');
    expect((await usageOf(containerId))?.isFrozen).toBe(false);
    await expect(engine.release.freezeInstances(['../../etc'])).rejects.toThrow('Not a container');
  });

  it('stops a frozen one in its grace, starts it again, and removes it', async () => {
    const [{ containerId } = { containerId: '' }] = await engine.release.listInstances({ rolloutId: 'sleeper' });
    const key = { rolloutId: 'sleeper', processType: 'web', index: 1 };
    await engine.release.freezeInstances([containerId]);
    const begun = Date.now();
    await engine.release.stopInstance(key, 50_000);
    expect(Date.now() - begun).toBeLessThan(30_000);
    expect(await engine.release.thawInstances([containerId])).toEqual({ gone: [containerId] });
    expect(await engine.release.restartInstance(key)).toMatchObject({ containerId, state: 'running' });
    await engine.release.freezeInstances([containerId]);
    await engine.release.removeInstance(key, 10_000);
    expect(await engine.release.listInstances({ rolloutId: 'sleeper' })).toEqual([]);
  });
});

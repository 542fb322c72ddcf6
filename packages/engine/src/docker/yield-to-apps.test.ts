import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostNames } from '@berth/domain/host-names';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildCpuFiles, type HostFacts } from '../host-facts.js';

import { keepBuildsGoing, yieldToApps } from './yield-to-apps.js';

const facts = { cgroupVersion: 2, cgroupDriver: 'cgroupfs' } as HostFacts;
const names = hostNames('test');
const { idle, weight } = buildCpuFiles(facts, names);

let cgroupRoot: string;
beforeEach(async () => {
  cgroupRoot = await mkdtemp(join(tmpdir(), 'berth-cgroup-'));
});
afterEach(() => rm(cgroupRoot, { recursive: true }));

/** The common cgroup's files as an earlier start left them. */
async function hostOf(files: Record<string, string>, buildsYield: boolean) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cgroupRoot, path)), { recursive: true });
    await writeFile(join(cgroupRoot, path), text);
  }
  const settings = { cgroupRoot, buildsYield } as Parameters<typeof yieldToApps>[0]['settings'];
  const notes: string[] = [];
  return { facts, names, settings, note: (text: string) => void notes.push(text), notes };
}
const read = (path: string) => readFile(join(cgroupRoot, path), 'utf8').catch(() => undefined);

describe('builds', () => {
  it('are idle beside apps', async () => {
    await yieldToApps(await hostOf({ [idle]: '0', [weight.path]: '100' }, true));
    expect([await read(idle), await read(weight.path)]).toEqual(['1', '100']);
  });

  it('have a fifth of what apps have where the kernel knows nothing of idle', async () => {
    await yieldToApps(await hostOf({ [weight.path]: '99' }, true));
    expect([await read(idle), await read(weight.path)]).toEqual([undefined, weight.fifth]);
  });

  it('that are not to yield any more are as Docker makes them', async () => {
    const host = await hostOf({ [idle]: '1', [weight.path]: '20' }, false);
    keepBuildsGoing(host).stop();
    await vi.waitFor(async () => expect(await read(weight.path)).toBe(weight.normal));
    expect(await read(idle)).toBe('0');
    await yieldToApps(host);
    expect([await read(idle), host.notes]).toEqual(['0', []]);
  });
});

import { describe, expect, it } from 'vitest';
import { hostLayerEntries, plain, registryEntries, sumBy, sumLedger } from './disk-ledger.js';
import type { RegistryManifest } from './plan-collection.js';

const manifest = (repository: string, digest: string, blobs: [string, number][]): RegistryManifest => ({
  ...{ repository, digest, modifiedAt: 0, tags: [], subject: null },
  blobs: blobs.map(([name, bytes]) => ({ digest: name, bytes })),
});
const ownerOf = ({ repository }: { repository: string }) => ({ team: 't', app: null, name: repository, reason: 'why' });

describe('the ledger', () => {
  const stack = manifest('stack/s', 'm1', [['os', 100]]);
  const one = manifest('app/1', 'm2', [
    ['os', 100],
    ['code', 5],
  ]);
  const old = manifest('app/2', 'm3', [
    ['os', 100],
    ['code', 5],
    ['more', 7],
  ]);
  const volume = {
    otherBytes: 2,
    blobs: Object.entries({ m1: 1, m2: 1, m3: 1, os: 100, code: 5, more: 7, loose: 9 }).map(([digest, bytes]) => ({
      digest,
      bytes,
    })),
  };
  const entries = registryEntries(volume, [old, one, stack], new Set([old]), ownerOf);

  it('counts each blob once, at what is built upon, then at what stays', () => {
    const { usedBytes } = sumLedger({ totalBytes: 0, freeBytes: 0 }, entries);
    expect(usedBytes).toBe(volume.otherBytes + volume.blobs.reduce((sum, { bytes }) => sum + bytes, 0));
    const of = (name: string) => entries.find((entry) => entry.name === name);
    expect(of('stack/s')).toMatchObject({ bytes: 101, sharedBytes: 0, sharers: ['app/1', 'app/2'], kind: 'base' });
    expect(of('app/1')).toMatchObject({ bytes: 6, sharedBytes: 100, sharers: ['app/2'], isOver: false });
    expect(of('app/2')).toMatchObject({ bytes: 8, sharedBytes: 105, isOver: true });
  });

  it('says what a clean frees: what only goes-away things have, and what nothing refers to', () => {
    expect(sumLedger({ totalBytes: 0, freeBytes: 0 }, entries).reclaimableBytes).toBe(8 + 9);
  });

  it('counts layers of pulled images once, and what lies inside of a volume with it', () => {
    const images = [
      {
        repository: 'app/1',
        digest: 'm2',
        layers: [
          { id: 'os', bytes: 10 },
          { id: 'a', bytes: 1 },
        ],
      },
      {
        repository: 'app/2',
        digest: 'm3',
        layers: [
          { id: 'os', bytes: 10 },
          { id: 'b', bytes: 2 },
        ],
      },
    ];
    const layers = hostLayerEntries(images, ({ digest }) => digest === 'm2', ownerOf);
    const inVolume = plain('output', 'app', 'printed', 50, false, { within: 'postgres' });
    const ledger = sumLedger({ totalBytes: 0, freeBytes: 0 }, [
      ...layers,
      inVolume,
      plain('volume', 'postgres', '', 80, false),
    ]);
    expect(ledger.usedBytes).toBe(10 + 1 + 2 + 80);
    expect(ledger.reclaimableBytes).toBe(1);
    expect(ledger.entries.map(({ bytes }) => bytes)).toEqual([80, 50, 12, 1]);
  });

  it('sums by team and by app what counts by itself, whatever a team is called', () => {
    const entry = (team: string | null, bytes: number, within?: string) =>
      plain('image', 'x', '', bytes, false, { team, app: team && `${team}-app`, ...(within ? { within } : {}) });
    const entries = [entry('constructor', 3), entry('__proto__', 5), entry('constructor', 4)];
    const others = [entry('a', 9, 'postgres'), entry(null, 9)];
    const sums = [
      ['constructor', 7],
      ['__proto__', 5],
    ];
    expect(Object.entries(sumBy('team', { entries: [...entries, ...others] }))).toEqual(sums);
    const ofApps = sums.map(([name, bytes]) => [`${name}-app`, bytes]);
    expect(Object.entries(sumBy('app', { entries: [...entries, ...others] }))).toEqual(ofApps);
  });
});

import { describe, expect, it } from 'vitest';
import { planCachedLayers, planCollection, type RegistryManifest, type RegistryNeeds } from './plan-collection.js';

const hour = 3_600_000;
const now = 1_000 * 24 * hour;
const times = { now, graceMs: hour, basesKeptMs: 30 * 24 * hour };
const digest = (name: string) => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0')}`;

const manifest = (repository: string, name: string, more: Partial<RegistryManifest> = {}): RegistryManifest => ({
  repository,
  digest: digest(name),
  modifiedAt: 0,
  tags: [],
  subject: null,
  blobs: [{ digest: digest(`${name} layer`), bytes: 10 }],
  ...more,
});
const needs = (more: Partial<RegistryNeeds> = {}): RegistryNeeds => ({
  images: new Map(),
  sources: new Map(),
  dependencies: new Map(),
  bases: new Set(),
  uploads: new Set(),
  ...more,
});
const names = (manifests: readonly RegistryManifest[]) =>
  manifests.map((one) => Buffer.from(one.digest.slice(7).replace(/(00)+$/, ''), 'hex').toString());

describe('a collection of manifests', () => {
  const images = new Map([['app/1', new Set([digest('kept')])]]);

  it('takes images, sources and cached layers that nothing refers to, and leaves what is referred to', () => {
    const all = [
      manifest('app/1', 'kept'),
      manifest('app/1', 'old', { tags: ['c1'] }),
      manifest('app/2', 'kept', { tags: ['gone app, same digest'] }),
      manifest('source/1', 'src-kept', { tags: ['c9'] }),
      manifest('source/1', 'src-old', { tags: ['c1'] }),
      manifest('dependencies/t', 'deps', { tags: ['k1'] }),
      manifest('dependencies/t', 'deps-old', { tags: ['k2'] }),
      manifest('pushed/a/worker', 'upload', { tags: ['latest'] }),
      manifest('pushed/a', 'upload-before'),
      manifest('pushed/b', 'upload-of-nobody', { tags: ['latest'] }),
    ];
    const wanted = needs({
      images,
      sources: new Map([['source/1', new Set(['c9'])]]),
      dependencies: new Map([['dependencies/t', new Set(['k1'])]]),
      uploads: new Set(['a']),
    });
    const over = planCollection(all, wanted, times);
    expect(names(over)).toEqual(['old', 'kept', 'src-old', 'deps-old', 'upload-before', 'upload-of-nobody']);
    expect(over[1]?.repository).toBe('app/2');
  });

  it('keeps what lies beside a kept image, by subject or by tag, and lets the rest go with its image', () => {
    const beside = (of: string, tag: string) => [`sha256-${digest(of).slice(7)}.${tag}`];
    const all = [
      manifest('app/1', 'kept'),
      manifest('app/1', 'old'),
      manifest('app/1', 'sbom', { tags: beside('kept', 'sbom') }),
      manifest('app/1', 'provenance', { subject: digest('kept') }),
      manifest('app/1', 'signature', { subject: digest('provenance') }),
      manifest('app/1', 'old-sbom', { tags: beside('old', 'sbom') }),
    ];
    expect(names(planCollection(all, needs({ images }), times))).toEqual(['old', 'old-sbom']);
  });

  it('keeps the images of a kept index, and lets those of another go with it', () => {
    const index = (name: string, of: string) => manifest('app/1', name, { blobs: [{ digest: digest(of), bytes: 5 }] });
    const all = [
      manifest('app/1', 'amd64'),
      manifest('app/1', 'old amd64'),
      index('kept', 'amd64'),
      index('old', 'old amd64'),
      manifest('app/1', 'about', { subject: digest('amd64') }),
    ];
    expect(names(planCollection(all, needs({ images }), times))).toEqual(['old amd64', 'old']);
  });

  it('leaves alone what is younger than an hour, and repositories that are not ours', () => {
    const all = [manifest('app/1', 'young', { modifiedAt: now - hour + 1 }), manifest('somebody/else', 'theirs')];
    expect(planCollection(all, needs(), times)).toEqual([]);
  });

  it('lets bases go that no tag names, and unused runtimes after a month; a kept image keeps what it names', () => {
    const layer = { digest: digest('node layer'), bytes: 10 };
    const all = [
      manifest('app/1', 'kept', { blobs: [layer] }),
      manifest('stack/berth-13', 'stack-now', { tags: ['latest'] }),
      manifest('stack/berth-13', 'stack-before'),
      manifest('stack/berth-13', 'stack-named', { tags: ['20250101'] }),
      manifest('stack/berth-13', 'stack-of-nobody', { tags: ['20250102'] }),
      manifest('runtime/node', 'used', { tags: ['24.1.0'], blobs: [layer] }),
      manifest('runtime/node', 'unused', { tags: ['18.0.0'] }),
      manifest('runtime/node', 'used-lately', { tags: ['20.0.0'], modifiedAt: now - 29 * 24 * hour }),
      manifest('build/node', 'build-unused', { tags: ['24.1.0'], blobs: [layer] }),
    ];
    const over = planCollection(all, needs({ images, bases: new Set([digest('stack-named')]) }), times);
    expect(names(over)).toEqual(['stack-before', 'stack-of-nobody', 'unused', 'build-unused']);
  });
});

describe('cached layers', () => {
  const layer = (name: string, daysUnused: number, sizeBytes = 40) => ({
    name,
    sizeBytes,
    lastUsedAt: new Date(now - daysUnused * 24 * hour),
  });
  const limits = { now, graceMs: 24 * hour, keptMs: 30 * 24 * hour, bytesMax: 100 };

  it('stay by last use up to the size; what was used within a day stays in any case', () => {
    const layers = [layer('c', 3), layer('a', 0), layer('b', 2), layer('big', 0.5, 500)];
    const { keep, remove } = planCachedLayers(layers, limits);
    expect(keep.map(({ name }) => name)).toEqual(['a', 'big']);
    expect(remove.map(({ name }) => name)).toEqual(['b', 'c']);
  });

  it('go after the days that nobody used them', () => {
    const { keep, remove } = planCachedLayers([layer('a', 29), layer('b', 31)], limits);
    expect([keep, remove].map((of) => of.map(({ name }) => name))).toEqual([['a'], ['b']]);
  });
});

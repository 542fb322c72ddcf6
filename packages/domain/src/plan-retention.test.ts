import { describe, expect, it } from 'vitest';
import { keptReleasesOf, planRetention, type RetentionApp, type RetentionImage } from './plan-retention.js';

const now = new Date('2026-01-02T00:00:00Z');
const old = new Date('2025-01-01T00:00:00Z');
const times = { now, graceMs: 3_600_000 };
const statuses = ['pending', 'running', 'succeeded', 'failed', 'cancelled', 'superseded'] as const;

/** A generator that gives the same numbers for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

interface Service {
  apps: RetentionApp[];
  images: RetentionImage[];
}

function makeService(seed: number): Service {
  const pick = random(seed);
  const images = Array.from({ length: 1 + pick(30) }, (_, index) => ({
    id: `image-${index}`,
    digest: `sha256:${pick(60)}`,
    createdAt: pick(8) === 0 ? now : old,
    isAwaited: pick(12) === 0,
  }));
  const apps = Array.from({ length: pick(3) }, () => ({
    keptReleases: 1 + pick(5),
    releases: Array.from({ length: pick(40) }, (_, index) => ({
      version: index + 1,
      status: statuses[pick(statuses.length)]!,
      imageId: pick(10) === 0 ? null : images[pick(images.length)]!.id,
      isServing: pick(15) === 0,
    })),
  }));
  return { apps, images };
}

const services = Array.from({ length: 200 }, (_, seed) => makeService(seed));

function expectReferencedKept(service: Service): void {
  const kept = planRetention(service, times);
  for (const app of service.apps) {
    const live = app.releases.filter(({ status, imageId }) => status === 'succeeded' && imageId !== null);
    const newest = live.toSorted((a, b) => b.version - a.version).slice(0, app.keptReleases);
    const referenced = app.releases.filter(
      (one) => one.isServing || one.status === 'pending' || one.status === 'running' || newest.includes(one),
    );
    for (const { imageId } of referenced) if (imageId) expect(kept.has(imageId)).toBe(true);
  }
  for (const { id, isAwaited, createdAt } of service.images)
    if (isAwaited || createdAt === now) expect(kept.has(id)).toBe(true);
}

function expectNothingElse({ apps, images }: Service): void {
  for (const id of planRetention({ apps, images }, times).keys()) {
    const { digest } = images.find((one) => one.id === id)!;
    const same = images.filter((one) => one.digest === digest);
    const releases = apps
      .flatMap((app) => app.releases)
      .filter((one) => same.some((image) => image.id === one.imageId));
    const isReferred = releases.some(
      ({ isServing, status }) => isServing || ['pending', 'running', 'succeeded'].includes(status),
    );
    expect(isReferred || same.some((image) => image.isAwaited || image.createdAt === now)).toBe(true);
  }
}

describe('retention', () => {
  it('keeps 20 releases in stable environments and 5 in project ones, or what the environment says', () => {
    expect(keptReleasesOf({ kind: 'stable', keptReleases: null })).toBe(20);
    expect(keptReleasesOf({ kind: 'project', keptReleases: null })).toBe(5);
    expect(keptReleasesOf({ kind: 'project', keptReleases: 50 })).toBe(50);
  });

  it('never gives up what is referenced, in 200 made-up services', () => {
    for (const service of services) expectReferencedKept(service);
  });

  it('keeps nothing that nothing refers to, in 200 made-up services', () => {
    for (const service of services) expectNothingElse(service);
  });

  it('keeps nothing old of a service whose apps are gone', () => {
    const { images } = makeService(7);
    const kept = planRetention({ apps: [], images: images.map((one) => ({ ...one, isAwaited: false })) }, times);
    expect([...kept.values()].every((why) => why === 'new')).toBe(true);
  });

  it('keeps the image of a commit that gave the very same one as a kept commit', () => {
    const apps = [
      { keptReleases: 1, releases: [{ imageId: 'b', version: 2, status: 'succeeded', isServing: true }] },
    ] as const;
    const images = ['a', 'b', 'c'].map((id) => ({
      id,
      digest: id === 'c' ? 'other' : 'same',
      createdAt: old,
      isAwaited: false,
    }));
    expect([...planRetention({ apps, images }, times).keys()].sort()).toEqual(['a', 'b']);
  });

  it('keeps an image that one of two apps of the service still needs', () => {
    const release = (imageId: string, version: number) =>
      ({ imageId, version, status: 'succeeded', isServing: false }) as const;
    const apps = [
      { keptReleases: 1, releases: [release('a', 1), release('b', 2)] },
      { keptReleases: 1, releases: [release('a', 1)] },
    ];
    const images = ['a', 'b', 'c'].map((id) => ({ id, digest: id, createdAt: old, isAwaited: false }));
    expect([...planRetention({ apps, images }, times).keys()].sort()).toEqual(['a', 'b']);
  });
});

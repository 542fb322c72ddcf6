import { describe, expect, it } from 'vitest';
import { extendExpiry, parseTtlHours, planExpiry, projectAppName, projectStatus } from './project-environment.js';
import type { ServiceStatus } from './status.js';

const hourMs = 3_600_000;
const at = (hours: number) => new Date(hours * hourMs);

describe('the name of an app of a project environment', () => {
  it('is a host label', () => {
    expect(projectAppName('cart', 'red')).toBe('cart--red');
    expect(projectAppName('c'.repeat(30), 'r'.repeat(30))).toHaveLength(62);
    expect(() => projectAppName('c'.repeat(40), 'r'.repeat(30))).toThrow('72 characters long');
  });
});

describe('the end of an environment', () => {
  const due = (createdAt: number, expiresAt: number | null, now: number, isWarned = false) =>
    planExpiry(
      {
        createdAt: at(createdAt),
        expiresAt: expiresAt === null ? null : at(expiresAt),
        warnedAt: isWarned ? at(0) : null,
      },
      at(now),
    );

  it('is warned of a day before, or when a quarter of a short life is left, and once', () => {
    expect([due(0, 200, 175), due(0, 200, 177), due(0, 200, 177, true)]).toEqual(['stays', 'warn', 'stays']);
    expect([due(0, 4, 2.9), due(0, 4, 3.1)]).toEqual(['stays', 'warn']);
  });

  it('comes when the time is over, warned of or not, and never for one without an end', () => {
    expect([due(0, 4, 4), due(0, 4, 9, true), due(0, null, 9_999)]).toEqual(['destroy', 'destroy', 'stays']);
  });

  it('is put off from where it was, and no further than a new environment may live', () => {
    const extend = (expiresAt: number, hours: number) =>
      extendExpiry({ expiresAt: at(expiresAt), hours, now: at(100) }).getTime() / hourMs;
    expect([extend(120, 24), extend(90, 24), extend(700, 700)]).toEqual([144, 124, 100 + 720]);
  });

  it('is a number of hours', () => {
    for (const wrong of [0, -1, Number.NaN, 721]) expect(() => parseTtlHours(wrong)).toThrow('720 hours');
    expect(parseTtlHours(0.5)).toBe(0.5);
  });
});

describe('the status of an environment', () => {
  const of = (...statuses: ServiceStatus[]) =>
    projectStatus(statuses.map((status, index) => ({ service: `s${index}`, status, errorMessage: null }))).status;

  it('is that of its least advanced service while one is under way', () => {
    expect([of('ready', 'building', 'starting'), of('failed', 'starting'), of('building', 'pending')]).toEqual([
      'building',
      'starting',
      'pending',
    ]);
  });

  it('is ready when all are, and failed with a sentence when one is', () => {
    expect([of(), of('ready', 'ready')]).toEqual(['ready', 'ready']);
    const failed = (service: string) => ({ service, status: 'failed' as const, errorMessage: 'web.1 crashed.' });
    const ready = { service: 'web', status: 'ready' as const, errorMessage: null };
    expect(projectStatus([ready, failed('cart')])).toEqual({
      status: 'failed',
      message: 'cart failed: web.1 crashed.',
    });
    expect(projectStatus([failed('cart'), failed('mail')]).message).toBe('cart failed (and 1 more): web.1 crashed.');
  });
});

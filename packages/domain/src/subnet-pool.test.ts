import { describe, expect, it } from 'vitest';
import { contains, gatewayOf, overlaps, subnetPool } from './subnet-pool.js';

describe('subnet pool', () => {
  const pool = subnetPool('100.64.0.0/12');

  it('gives the platform and the router their fixed places', () => {
    expect(pool.platformSubnet).toBe('100.64.0.0/24');
    expect(pool.platformGateway).toBe('100.64.0.1');
    expect(pool.platformAddress(25)).toBe('100.64.0.25');
    expect(pool.routerSubnet).toBe('100.64.1.0/29');
    expect(pool.routerGateway).toBe('100.64.1.1');
  });

  it('gives the lowest free subnet of each kind, aligned, whatever the order of those taken', () => {
    expect(pool.freeEnvironment('stable', [])).toBe('100.64.16.0/22');
    expect(pool.freeEnvironment('stable', ['100.64.16.0/25'])).toBe('100.64.20.0/22');
    expect(pool.freeEnvironment('project', ['100.64.20.0/22', '100.64.16.0/22'])).toBe('100.64.24.0/25');
    expect(pool.freeEnvironment('project', ['100.64.16.128/25'])).toBe('100.64.16.0/25');
    expect(pool.freeBuild(['100.64.16.0/22', '192.168.0.0/16'])).toBe('100.72.0.0/28');
    expect(pool.freeBuild(['100.72.0.0/28', '100.72.0.32/28'])).toBe('100.72.0.16/28');
    expect(pool.freeBuild(['100.0.0.0/10', '100.72.0.0/16'])).toBe('100.73.0.0/28');
  });

  it('never gives what overlaps a taken one, and ends with an error', () => {
    const small = subnetPool('10.9.64.0/18');
    const taken: string[] = [];
    for (let n = 0; n < 4; n++) {
      const next = small.freeEnvironment('stable', taken);
      expect(taken.some((other) => overlaps(other, next))).toBe(false);
      taken.push(next);
    }
    expect(() => small.freeEnvironment('stable', taken)).toThrow(RangeError);
    expect(small.freeBuild(taken)).toBe('10.9.96.0/28');
  });

  it('refuses what is no pool', () => {
    for (const wrong of ['100.64.0.0', '100.64.0.1/12', '300.0.0.0/12', '100.64.0.0/19', '0.0.0.0/0', 'x'])
      expect(() => subnetPool(wrong), wrong).toThrow(RangeError);
  });

  it('knows which network an address belongs to', () => {
    expect(contains('100.64.16.0/22', '100.64.19.255')).toBe(true);
    expect(contains('100.64.16.0/22', '100.64.20.0')).toBe(false);
    expect(gatewayOf('100.64.16.0/22')).toBe('100.64.16.1');
  });
});

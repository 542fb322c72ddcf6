import { describe, expect, it } from 'vitest';
import { isWithin, parseMountPath } from './mount-path.js';

describe('the path of a volume', () => {
  it.each(['/data', '/app/storage', '/var/lib/app', '/srv/a.b/c_d'])('may be %s', (path) => {
    expect(parseMountPath(path)).toBe(path);
  });

  it.each(['data', '/', '/data/', '/a/../b', '/a b', '/.hidden', `/${'a'.repeat(200)}`])('may not be %s', (path) => {
    expect(() => parseMountPath(path)).toThrow('is an absolute one like /data');
  });

  it.each(['/app', '/etc/app', '/proc', '/tmp/x', '/usr/local'])('is not %s, which is not the app’s', (path) => {
    expect(() => parseMountPath(path)).toThrow('is not for volumes');
  });

  it('lies in no other', () => {
    expect(isWithin('/data', '/data/a')).toBe(true);
    expect(isWithin('/data/a', '/data')).toBe(true);
    expect(isWithin('/data', '/data2')).toBe(false);
  });
});

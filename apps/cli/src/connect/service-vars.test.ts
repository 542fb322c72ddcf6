import { expect, test } from 'vitest';
import { parseExports, redisHostsIn, sharedRedisWarning, usesData, withLocalData } from './service-vars.js';

test('what the API prints for a shell is read, also quotes and several lines', () => {
  const text = "export A='1'\nexport KEY='-----\nit'\\''s\n-----'\nexport EMPTY=''\n";
  expect(parseExports(text)).toEqual({ A: '1', KEY: "-----\nit's\n-----", EMPTY: '' });
});

test('databases of Berth are reached at a local port, others stay', () => {
  const vars = { DATABASE_URL: 'postgres://u:p@data.internal:5432/d', OTHER_URL: 'postgres://u:p@db.example:5432/d' };
  expect(usesData(vars)).toBe(true);
  expect(usesData({ OTHER_URL: vars.OTHER_URL })).toBe(false);
  expect(withLocalData(vars, { data: 4000, redis: new Map() })).toEqual({
    ...vars,
    DATABASE_URL: 'postgres://u:p@127.0.0.1:4000/d',
  });
});

test('each Redis server of Berth is reached at a port of its own, others stay', () => {
  const own = 'redis-00ff.internal';
  const shared = 'redis-a1b2.internal';
  const vars = {
    REDIS_URL: `redis://u:p@${own}:6379`,
    CACHE_URL: `redis://u:p@${shared}:6379/1`,
    BOTH: `redis://u:p@${own}:6379,redis://u:p@${shared}:6379`,
    OTHER_URL: 'redis://u:p@redis.example:6379',
  };
  expect(redisHostsIn(vars)).toEqual([own, shared]);
  const redis = new Map([
    [own, 4001],
    [shared, 4002],
  ]);
  expect(withLocalData(vars, { redis })).toEqual({
    REDIS_URL: 'redis://u:p@127.0.0.1:4001',
    CACHE_URL: 'redis://u:p@127.0.0.1:4002/1',
    BOTH: 'redis://u:p@127.0.0.1:4001,redis://u:p@127.0.0.1:4002',
    OTHER_URL: 'redis://u:p@redis.example:6379',
  });
});

test('who gets the address of a shared Redis is told what its workers take', () => {
  expect(sharedRedisWarning({ REDIS_URL: 'redis://u:p@redis-00ff.internal:6379' }, 'mail')).toBeUndefined();
  const shared = { BERTH_SHARED_REDIS: 'red 1 2 redis-00ff.internal' };
  expect(sharedRedisWarning(shared, 'mail')).toContain('mail shares a Redis with its base');
});

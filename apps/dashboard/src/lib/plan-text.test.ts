import { expect, test } from 'vitest';
import { addOnText } from './plan-text';

test.each([
  ['heroku-postgresql', 'essential-0', null, 'PostgreSQL: Essential 0, 20 connections'],
  ['heroku-redis', 'mini', null, 'Redis: Mini, 25 MiB, 20 connections, empty after a restart'],
  ['heroku-redis', 'premium-0', null, 'Redis: Premium 0, 50 MiB, 40 connections'],
  ['berth-volume', '7gb', '/data', 'Volume: 7 GiB at /data'],
])('%s:%s reads as what it gives', (service, plan, mountPath, text) => {
  expect(addOnText({ service, plan, mountPath })).toBe(text);
});

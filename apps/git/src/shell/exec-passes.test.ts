import { expect, test } from 'vitest';
import { ExecPasses } from './exec-passes.js';
import { parseLogin } from './parse-login.js';

const pass = {
  actor: { userId: 'u', tokenId: 't' },
  target: { app: 'a', process: 'web.1' },
  fingerprint: 'SHA256:key',
};

test('a pass opens to its key, once', () => {
  const passes = new ExecPasses();
  const user = passes.add(pass);
  expect(parseLogin(user)).toBeUndefined(); // no app's name
  expect(passes.find(user, 'SHA256:other')).toBeUndefined();
  expect(passes.find('exec_0', pass.fingerprint)).toBeUndefined();
  expect(passes.find(user, pass.fingerprint)).toMatchObject(pass);
  passes.use(user);
  expect(passes.find(user, pass.fingerprint)).toBeUndefined();
});

test('a pass is worth nothing after a minute, and takes no room then', () => {
  let now = 0;
  const passes = new ExecPasses(() => now);
  const user = passes.add(pass);
  now = 59_999;
  expect(passes.find(user, pass.fingerprint)).toBeDefined();
  now = 60_000;
  expect(passes.find(user, pass.fingerprint)).toBeUndefined();
  for (let count = 0; count < 1_000; count += 1) passes.add(pass);
  expect(() => passes.add(pass)).toThrow('try again in a minute');
});

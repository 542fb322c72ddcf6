import { expect, test } from 'vitest';
import { ExecPasses } from './exec-passes.js';
import { parseLogin } from './parse-login.js';

const passOf = (userId: string) => ({
  actor: { userId, tokenId: 't' },
  target: { app: 'a', process: 'web.1' },
  fingerprint: 'SHA256:key',
});
const pass = passOf('u');

test('a pass opens to its key', () => {
  const passes = new ExecPasses();
  const user = passes.add(pass);
  expect(parseLogin(user)).toBeUndefined(); // no app's name
  expect(passes.find(user, 'SHA256:other')).toBeUndefined();
  expect(passes.find('exec_0', pass.fingerprint)).toBeUndefined();
  expect(passes.find(user, pass.fingerprint)).toMatchObject(pass);
});

test('a pass is worth nothing after a minute without a use, and an hour after the last', () => {
  let now = 0;
  const passes = new ExecPasses(() => now);
  const [user, unused] = [passes.add(pass), passes.add(pass)];
  now = 59_999;
  expect(passes.find(user, pass.fingerprint)).toBeDefined();
  passes.use(user);
  now = 60_000;
  expect(passes.find(unused, pass.fingerprint)).toBeUndefined();
  now = 59_999 + 3_599_999;
  expect(passes.find(user, pass.fingerprint)).toBeDefined();
  passes.use(user);
  now += 3_600_000;
  expect(passes.find(user, pass.fingerprint)).toBeUndefined();
  passes.use('exec_0');
  for (let count = 0; count < 2_000; count += 1) passes.add(passOf(`u${count}`));
  expect(() => passes.add(pass)).toThrow('try again in a minute');
});

test('nobody keeps others out: a person has ten, and an eleventh takes the place of the one that was used least', () => {
  const passes = new ExecPasses();
  const others = passes.add(passOf('other'));
  const [used = '', oldest = '', ...users] = Array.from({ length: 10 }, () => passes.add(pass));
  passes.use(used);
  users.push(passes.add(pass));
  expect(passes.find(oldest, pass.fingerprint)).toBeUndefined();
  for (const user of [others, used, ...users]) expect(passes.find(user, pass.fingerprint)).toBeDefined();
  for (let count = 0; count < 1_000; count += 1) passes.add(pass);
  expect(passes.find(others, pass.fingerprint)).toBeDefined();
});

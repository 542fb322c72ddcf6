import { expect, test } from 'vitest';
import { ExecPasses } from './exec-passes.js';
import { parseLogin } from './parse-login.js';

const passOf = (userId: string) => ({
  actor: { userId, tokenId: 't' },
  target: { app: 'a', process: 'web.1' },
  fingerprint: 'SHA256:key',
});
const pass = passOf('u');

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
  for (let count = 0; count < 1_000; count += 1) passes.add(passOf(`u${count}`));
  expect(() => passes.add(pass)).toThrow('try again in a minute');
});

test('nobody keeps others out: of one person ten wait, and an eleventh takes the place of the oldest', () => {
  const passes = new ExecPasses();
  const others = passes.add(passOf('other'));
  const [oldest = '', ...users] = Array.from({ length: 11 }, () => passes.add(pass));
  expect(passes.find(oldest, pass.fingerprint)).toBeUndefined();
  for (const user of [others, ...users]) expect(passes.find(user, pass.fingerprint)).toBeDefined();
  for (let count = 0; count < 2_000; count += 1) passes.add(pass);
  expect(passes.find(others, pass.fingerprint)).toBeDefined();
});

import { describe, expect, it } from 'vitest';
import { parseLogin } from './parse-login.js';

describe('the user name of an SSH connection', () => {
  it('names an app, and a process of it', () => {
    expect(parseLogin('shop')).toEqual({ app: 'shop', process: undefined });
    expect(parseLogin('web--pa')).toEqual({ app: 'web--pa', process: undefined });
    expect(parseLogin('shop.worker.2')).toEqual({ app: 'shop', process: 'worker.2' });
    expect(parseLogin('shop.worker')).toEqual({ app: 'shop', process: 'worker' });
    expect(parseLogin('shop.debug.1234')).toEqual({ app: 'shop', process: 'debug.1234' });
  });

  it('asks for git, or for nothing', () => {
    for (const name of ['git', '', 'shop.', 'shop.web.0', '../etc', 'a b', 'shop.web.1.2'])
      expect(parseLogin(name)).toBeUndefined();
  });
});

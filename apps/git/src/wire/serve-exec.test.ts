import { expect, test } from 'vitest';
import { parseExecPath } from './serve-exec.js';

test('heroku ps:exec asks for one process, or for all', () => {
  expect(parseExecPath('/api/v2')).toEqual({ process: undefined });
  expect(parseExecPath('/api/v2/web.1')).toEqual({ process: 'web.1' });
  expect(parseExecPath('/api/v2/worker?x=y')).toEqual({ process: 'worker' });
  for (const other of [
    '/api/v2/',
    '/api/v2/web.0',
    '/api/v2/web.1/x',
    '/api/v22/web.1',
    '/xxxxxxx/web.1',
    '/api/v1/web.1',
    '/',
  ])
    expect(parseExecPath(other)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { parseProcfile } from './procfile.js';

describe('parseProcfile', () => {
  it('reads process types, comments, blank lines and Windows line ends', () => {
    expect(
      parseProcfile('# app\r\nweb: node server.js --port=$PORT\r\n\r\n  worker : node a:b.js\nrelease: ./migrate'),
    ).toEqual([
      { name: 'web', command: 'node server.js --port=$PORT' },
      { name: 'worker', command: 'node a:b.js' },
      { name: 'release', command: './migrate' },
    ]);
  });

  it.each([
    ['web node x', 'Procfile line 1: there is no colon in "web node x"; a line is "<process type>: <command>".'],
    ['\nweb:', 'Procfile line 2: the process type "web" has no command.'],
    ['web: a\nweb: b', 'Procfile line 2: the process type "web" is there twice.'],
    [
      '# x\n1web: a',
      'Procfile line 2: "1web" is not a process type; it has 1 to 30 letters, digits, dashes and underscores and starts with a letter.',
    ],
    ['# only\n', 'Procfile: there is no process type in it.'],
  ])('says line and reason of %j', (text, message) => {
    expect(() => parseProcfile(text)).toThrow(message);
  });
});

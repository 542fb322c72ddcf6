import { expect, test } from 'vitest';
import { expandCommand } from './expand-command.js';

const types = [
  { name: 'web', command: 'node server.js' },
  { name: 'console', command: 'bin/rails console' },
];

test.each([
  ['console', 'bin/rails console'],
  ['console -e "x y"', 'bin/rails console -e "x y"'],
  ['web ; echo $?', 'node server.js ; echo $?'],
  ['webs', 'webs'],
  ['./web', './web'],
  ['bash', 'bash'],
  ['echo web', 'echo web'],
  ['web;ls', 'web;ls'],
])('%s is run as %s', (line, run) => expect(expandCommand(line, types)).toBe(run));

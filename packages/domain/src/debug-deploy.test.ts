import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { debugCommand } from './debug-deploy.js';

const run = (command: string) =>
  execFileSync('sh', ['-c', command.replace(/while :.*/s, 'true')], { encoding: 'utf8' }).split('\n');

it('runs a process’s line as it is, and says with which code it ended', () => {
  expect(run(debugCommand({ command: 'echo a; exit 3 # comment' }))).toEqual([
    'a',
    'The process ended with code 3. Its container is held as it left it.',
    '',
  ]);
});

it('runs an argument list without its words being read by the shell', () => {
  expect(run(debugCommand({ command: 'shown', argv: ['echo', "it's $HOME", '*'] }))[0]).toBe("it's $HOME *");
});

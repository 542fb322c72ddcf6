import { execFileSync, spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandArgv } from './command-line.js';

describe('the command line of an instance', () => {
  it('is exec-ed when it is one simple command', () => {
    for (const line of ['node server.js', 'npm start', '  bin/web --port "$PORT"', "node -e 'a; b && c'", 'echo $HOME'])
      expect(commandArgv(line)[2]).toBe(`exec ${line.trim()}`);
  });

  it('is left to the shell when it is more than that', () => {
    for (const line of [
      'a && b',
      'a; b',
      'A=1 b',
      'cd x',
      'a | b',
      'a > f',
      'a &',
      'if a; then b; fi',
      'x $(y)',
      'a\nb',
      'a `b`',
    ])
      expect(commandArgv(line)[2]).toBe(`trap 'exit 143' TERM\n${line}`);
  });

  it('means the same as the customer typed', () => {
    const run = (line: string) => execFileSync(commandArgv(line)[0], commandArgv(line).slice(1)).toString();
    expect(run('echo a && echo "b c"')).toBe('a\nb c\n');
    expect(run("printf %s 'x; y'")).toBe('x; y');
    expect(run('A=1; echo $A; : # done')).toBe('1\n');
  });

  it('lets the running command end in its own way and does not go on after SIGTERM', async () => {
    const [file, ...args] = commandArgv(
      'sh -c \'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done\'; echo next',
    );
    const child = spawn(file!, args, { detached: true });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out === 'up\n') process.kill(-child.pid!, 'SIGTERM');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ out, code }).toEqual({ out: 'up\nbye\n', code: 143 });
  });
});

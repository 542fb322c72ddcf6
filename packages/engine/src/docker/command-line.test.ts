import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandArgv, commandScript } from './command-line.js';

function run(line: string, home = '/nowhere'): string {
  const [file, ...args] = commandArgv(line);
  return execFileSync(file, args, { env: { ...process.env, HOME: home } }).toString();
}

describe('the command line of an instance', () => {
  it('is exec-ed when it is one simple command', () => {
    for (const line of ['node server.js', 'npm start', '  bin/web --port "$PORT"', "node -e 'a; b && c'", 'echo $HOME'])
      expect(commandScript(line)).toBe(`exec ${line.trim()}`);
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
      expect(commandScript(line)).toBe(`trap 'exit 143' TERM\n${line}`);
  });

  it('means the same as the customer typed', () => {
    expect(run('echo a && echo "b c"')).toBe('a\nb c\n');
    expect(run("printf %s 'x; y'")).toBe('x; y');
    expect(run('A=1; echo $A; : # done')).toBe('1\n');
  });

  it('ends with the code of the command', () => {
    expect(spawnSync('/bin/sh', commandArgv('false; (exit 3)').slice(1), { env: { HOME: '/nowhere' } }).status).toBe(3);
  });

  it('comes after .profile.d and .profile, read by bash', () => {
    const home = mkdtempSync(join(tmpdir(), 'profile-'));
    try {
      mkdirSync(join(home, '.profile.d'));
      writeFileSync(join(home, '.profile.d/a.sh'), `words=(one two); export FROM_D="$${'{words[1]}'}"\n`);
      writeFileSync(join(home, '.profile'), 'export FROM_PROFILE="$FROM_D three"\n');
      expect(run('printenv FROM_PROFILE', home)).toBe('two three\n');
      expect(run('A=$FROM_D; echo "$A;" && echo done', home)).toBe('two;\ndone\n');
    } finally {
      rmSync(home, { recursive: true });
    }
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

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import type { Terminal, TerminalSpec } from '../src/interface.js';
import { writeWhenRoom } from '../src/write-when-room.js';
import { openTestEngine, type TestEngine } from './open-engine.js';

let engine: TestEngine;
let containerId: string;
beforeAll(async () => {
  engine = await openTestEngine();
  await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
  const group = engine.group({ rolloutId: 'terminals', env: { GREETING: 'hello' }, command: 'sleep infinity' });
  containerId = (await engine.release.startInstance(group, 1)).containerId;
});
afterAll(() => engine?.close());

const open = (more: Partial<TerminalSpec> = {}) =>
  engine.release.openTerminal({ containerId, tty: false, env: {}, columns: 0, lines: 0, ...more });

/** Everything it prints, read as it comes. */
function listen({ stream, stderr }: Terminal) {
  const seen = { stdout: '', stderr: '' };
  stream.on('data', (chunk) => {
    seen.stdout += chunk;
  });
  stderr.on('data', (chunk) => {
    seen.stderr += chunk;
  });
  return seen;
}

const processes = async () =>
  (await engine.inContainer(containerId, 'ps', '-eo', 'args=')).stdout.split('\n').filter((line) => line !== '');
const runs = async (what: string) => (await processes()).some((line) => line.startsWith(what));

describe('a command beside an instance', () => {
  it('has the app’s user, folder and variables; its output, errors and code come apart', async () => {
    const terminal = await open({ command: 'id -u; echo "$GREETING $MORE" >&2; exit 7', env: { MORE: 'world' } });
    const seen = listen(terminal);
    expect(await terminal.exit).toBe(7);
    await until('all is read', () => terminal.stream.readableEnded && terminal.stderr.readableEnded);
    expect(seen).toEqual({ stdout: '10001\n', stderr: 'hello world\n' });
    expect((await processes()).filter((line) => line.includes('berth-guard'))).toEqual([]);
  });

  it('reads its input to the end', async () => {
    const terminal = await open({ command: 'wc -c' });
    const seen = listen(terminal);
    terminal.stream.end(Buffer.alloc(3_000_000, 'x'));
    expect(await terminal.exit).toBe(0);
    await until('all is read', () => terminal.stream.readableEnded);
    expect(seen.stdout.trim()).toBe('3000000');
  });

  it('that prints faster than it is read is held back, and so is who sends more than is read', async () => {
    const terminal = await open({ command: 'cat /dev/zero' });
    await sleep(1_000);
    expect(terminal.stream.readableLength).toBeLessThan(1024 * 1024);
    terminal.stream.destroy();
    const deaf = await open({ command: 'sleep 100' });
    let sent = 0;
    const send = async () => {
      for (; sent < 64; sent++) await writeWhenRoom(deaf.stream, Buffer.alloc(256 * 1024));
    };
    await Promise.race([send(), sleep(1_500)]);
    expect(sent).toBeLessThan(16);
    deaf.stream.destroy();
    await until('both are gone', async () => !(await runs('cat /dev/zero')) && !(await runs('sleep 100')));
  });

  it('has the last bytes of a process that closes its output before it ends', async () => {
    const terminal = await open({ command: 'echo last; exec >&- 2>&-; sleep 1; exit 3' });
    const seen = listen(terminal);
    expect(await terminal.exit).toBe(3);
    expect(seen.stdout).toBe('last\n');
  });

  it('ends with all processes of its session when the caller goes, also those that ignore a hangup', async () => {
    const command = `trap '' HUP TERM; (trap '' HUP; sleep 1234) & sleep 2345 & echo up; while :; do sleep 0.1; done`;
    const terminal = await open({ command });
    const seen = listen(terminal);
    await until('it runs', () => seen.stdout === 'up\n');
    terminal.stream.destroy();
    await expect(terminal.exit).rejects.toThrow('closed');
    await until('nothing is left', async () => !(await processes()).some((line) => /sleep [12]|trap/.test(line)));
    expect(await runs('sleep infinity')).toBe(true);
  });
});

describe('a shell with a terminal', () => {
  it('has its size, also a new one, and ends with Ctrl-D or the end of the input', async () => {
    const terminal = await open({ tty: true, env: { TERM: 'xterm' }, columns: 97, lines: 31 });
    const seen = listen(terminal);
    terminal.stream.write('stty size; echo $TERM\n');
    await until('its size', () => /31 97\r\nxterm/.test(seen.stdout));
    await terminal.resize(120, 40);
    terminal.stream.write('stty size\n');
    await until('its new size', () => seen.stdout.includes('40 120'));
    terminal.stream.end('exit 5\n');
    expect(await terminal.exit).toBe(5);
  });

  it('has its size from the start, for a command that only looks once', async () => {
    for (const [columns, lines] of [
      [97, 31],
      [211, 63],
      [40, 10],
    ] as const) {
      const terminal = await open({ tty: true, command: 'stty size', columns, lines });
      const seen = listen(terminal);
      expect(await terminal.exit).toBe(0);
      await until('all is read', () => terminal.stream.readableEnded);
      expect(seen.stdout).toBe(`${lines} ${columns}\r\n`);
    }
  });

  it('hands on every key: Ctrl-C interrupts, and none of Docker’s own lets go of it', async () => {
    const terminal = await open({ tty: true, env: { TERM: 'xterm' }, columns: 80, lines: 24 });
    const seen = listen(terminal);
    terminal.stream.write('sleep 3456\n');
    await until('it sleeps', () => runs('sleep 3456'));
    terminal.stream.write('\x03');
    await until('it does not', async () => !(await runs('sleep 3456')));
    terminal.stream.write('cat -v\n');
    await until('cat', () => runs('cat -v'));
    terminal.stream.write('\x16\x10\x16\x11\n'); // Ctrl-P Ctrl-Q, quoted
    await until('both arrived', () => seen.stdout.includes('^P^Q'));
    terminal.stream.destroy();
    await until('nothing is left', async () => !(await runs('cat -v')));
  });
});

describe('what is refused', () => {
  it('an instance that ended, and containers that are no app’s', async () => {
    const ended = await engine.release.startInstance(engine.group({ rolloutId: 'ended', command: 'true' }), 1);
    await until('ended', async () => {
      const [seen] = await engine.release.listInstances({ rolloutId: 'ended' });
      return seen?.state === 'exited';
    });
    const sentence = { code: 'conflict', message: 'This process does not run any more.' };
    await expect(open({ containerId: ended.containerId })).rejects.toMatchObject(sentence);
    const [helper] = await engine.docker.listContainers({
      filters: { label: [`berth.instance=${engine.settings.instance}`, 'berth.kind=host-network'] },
    });
    await expect(open({ containerId: helper!.Id })).rejects.toMatchObject(sentence);
    await expect(open({ containerId: 'f'.repeat(64) })).rejects.toMatchObject(sentence);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { run } from '../src/spawn.js';

describe('a command', () => {
  it('is an argument list: no shell reads it', async () => {
    const { stdout } = await run(['printf', '%s|', '$HOME', '; exit 1', '`id`']);
    expect(stdout.toString()).toBe('$HOME|; exit 1|`id`|');
  });

  it('that fails is an error with what it said last, or with `check: false` its code', async () => {
    const argv = ['sh', '-c', 'echo why >&2; exit 3'] as const;
    await expect(run(argv)).rejects.toThrow(/ended with 3: why/);
    expect(await run(argv, { check: false })).toMatchObject({ code: 3, stderr: 'why\n' });
  });

  it('is killed with its children when the signal is aborted, also by one that was aborted before', async () => {
    const stop = new AbortController();
    const argv = ['sh', '-c', 'sleep 600 & wait'] as const;
    const running = run(argv, { check: false, signal: stop.signal });
    await sleep(100);
    stop.abort();
    expect((await running).code).toBeNull();
    expect((await run(argv, { check: false, signal: AbortSignal.abort() })).code).toBeNull();
  });

  it('that ended while its last output is read takes an abort without a word', async () => {
    const stop = new AbortController();
    const running = run(['true'], { signal: stop.signal });
    for (const until = Date.now() + 100; Date.now() < until; ); // it ends while nobody looks
    stop.abort();
    expect((await run(['true'])).code).toBe(0);
    await running.catch(() => {});
  });

  it('that prints more than it may is killed', async () => {
    await expect(run(['yes'], { stdoutMax: 1_000 })).rejects.toThrow('yes: more than 1000 bytes of output');
  });
});

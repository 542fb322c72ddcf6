import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheTokens } from './token-cache.js';

const lifetimeMs = 300_000;

describe('the registry tokens of a process', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const counted = () => {
    const asked: string[] = [];
    const ask = async (scopes: readonly string[]) => {
      asked.push(scopes.join(' '));
      return { token: `t${asked.length}`, expiresAt: Date.now() + lifetimeMs };
    };
    return { asked, ...cacheTokens(ask) };
  };
  const pull = [{ repository: 'app/a', action: 'pull' }] as const;

  it('are asked for once, also by requests side by side', async () => {
    const { asked, authorize } = counted();
    expect(await Promise.all([authorize(pull), authorize(pull)])).toEqual(['Bearer t1', 'Bearer t1']);
    expect(await authorize(pull)).toBe('Bearer t1');
    expect(asked).toEqual(['repository:app/a:pull']);
  });

  it('name every repository of a request: a mount reads from a second one', async () => {
    const { asked, authorize } = counted();
    await authorize([
      { repository: 'stack/s', action: 'pull' },
      { repository: 'app/a', action: 'push' },
    ]);
    expect(asked).toEqual(['repository:app/a:pull,push repository:stack/s:pull']);
  });

  it('are renewed beside the request that finds one ageing, and no request gets one that ends soon', async () => {
    const { asked, authorize } = counted();
    await authorize(pull);
    vi.advanceTimersByTime(lifetimeMs * 0.7);
    expect(await authorize(pull)).toBe('Bearer t1');
    await vi.advanceTimersByTimeAsync(0);
    expect(await authorize(pull)).toBe('Bearer t2');
    vi.advanceTimersByTime(lifetimeMs - 10_000);
    expect(await authorize(pull)).toBe('Bearer t3');
    expect(asked.length).toBe(3);
  });

  it('are asked for again after the registry has refused one, and after the server did not answer', async () => {
    let tries = 0;
    const { authorize, forget } = cacheTokens(async () => {
      tries += 1;
      if (tries === 1) throw new Error('away');
      return { token: `t${tries}`, expiresAt: Date.now() + lifetimeMs };
    });
    await expect(authorize(pull)).rejects.toThrow('away');
    expect(await authorize(pull)).toBe('Bearer t2');
    forget();
    expect(await authorize(pull)).toBe('Bearer t3');
  });
});

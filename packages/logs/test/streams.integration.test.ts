import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendLines, dropLines, lastLineId, readLines, type StoredLine, tailLines } from '../src/log-stream.js';
import { appendOutput, endOutput, readOutput, resetOutput, tailOutput } from '../src/output.js';

describe('streams', () => {
  const instance = `test-${randomBytes(4).toString('hex')}`;
  let redis: Redis;
  beforeAll(() => {
    const url = process.env.TEST_REDIS_URL;
    if (!url) throw new Error('TEST_REDIS_URL must name the Redis that these tests run on');
    redis = new Redis(url);
  });
  afterAll(async () => {
    const keys = await redis.keys(`berth:${instance}:*`);
    if (keys.length > 0) await redis.del(...keys);
    redis.disconnect();
  });

  const append = (app: string, ...texts: string[]) =>
    appendLines(
      redis,
      instance,
      app,
      texts.map((text) => ({ at: 1_700_000_000_000, source: 'app' as const, process: 'web.1', text })),
    );
  /** Tails until `count` lines came. */
  async function take(app: string, afterId: string, count: number): Promise<StoredLine[]> {
    const ended = new AbortController();
    const lines: StoredLine[] = [];
    for await (const batch of tailLines(redis, instance, app, { afterId, signal: ended.signal })) {
      lines.push(...batch);
      if (lines.length >= count) break;
    }
    return lines;
  }

  it('a tail resumes after the last id it saw: no line twice, none missing', async () => {
    await append('app', 'one', 'two', 'three');
    const first = await take('app', '0', 3);
    await append('app', 'while', 'nobody', 'looks');
    const resumed = await take('app', first[1]?.id ?? '', 4);
    expect(resumed.map(({ text }) => text)).toEqual(['three', 'while', 'nobody', 'looks']);
  });

  it('a tail gets lines as they come, and only its app', async () => {
    const tail = take('live', await lastLineId(redis, instance, 'live'), 2);
    await append('other', 'not this');
    await append('live', 'a');
    await append('live', 'b');
    expect((await tail).map(({ text, process }) => `${process} ${text}`)).toEqual(['web.1 a', 'web.1 b']);
  });

  it('a tail ends when it is aborted', async () => {
    const ended = new AbortController();
    setTimeout(() => ended.abort(), 50);
    for await (const _ of tailLines(redis, instance, 'quiet', { afterId: '0', signal: ended.signal }))
      expect(_).toBe(0);
  });

  it('the last lines that match are read from the end of a long stream', async () => {
    await append('long', ...Array.from({ length: 1_300 }, (_, i) => `${i % 100 === 0 ? 'hundred' : 'line'} ${i}`));
    const options = { count: 3, matches: ({ text }: { text: string }) => text.startsWith('hundred') };
    const lines = await readLines(redis, instance, 'long', options);
    expect(lines.map(({ text }) => text)).toEqual(['hundred 1000', 'hundred 1100', 'hundred 1200']);
    await dropLines(redis, instance, 'long');
    expect(await readLines(redis, instance, 'long', { count: 3 })).toEqual([]);
  });

  it('an output is tailed to its end by who comes early, late, or again', async () => {
    const of = { noun: 'build', id: 'one' } as const;
    const signal = AbortSignal.timeout(10_000);
    const collect = async (afterId?: string) => {
      let text = '';
      const options = { signal, ...(afterId ? { afterId } : {}) };
      for await (const chunk of tailOutput(redis, instance, of, options)) text += chunk.text;
      return text;
    };
    await appendOutput(redis, instance, of, 'from a killed worker\n');
    await resetOutput(redis, instance, of);
    const early = collect();
    await appendOutput(redis, instance, of, 'installing\n');
    const { lastId } = await readOutput(redis, instance, of);
    await appendOutput(redis, instance, of, 'done\n');
    await endOutput(redis, instance, of);
    expect(await early).toBe('installing\ndone\n');
    expect(await collect()).toBe('installing\ndone\n');
    expect(await collect(lastId)).toBe('done\n');
    expect(await readOutput(redis, instance, of)).toMatchObject({ text: 'installing\ndone\n', isEnded: true });
  });
});

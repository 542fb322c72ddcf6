import type { Redis } from 'ioredis';

/** The output of a running build or release phase; when it ends it is stored whole in PostgreSQL and this stream expires. */
export type OutputOf = { noun: 'build' | 'release'; id: string };

const key = (instance: string, of: OutputOf) => `berth:${instance}:output:${of.noun}:${of.id}`;
/** Kept this long after the last chunk, so that a tail that reconnects still finds it, s. */
const keptSeconds = 24 * 3600;

/** Appends one chunk of text. */
export async function appendOutput(redis: Redis, instance: string, of: OutputOf, text: string): Promise<void> {
  await redis.pipeline().xadd(key(instance, of), '*', 't', text).expire(key(instance, of), keptSeconds).exec();
}

/** Marks the end; tails return. */
export async function endOutput(redis: Redis, instance: string, of: OutputOf): Promise<void> {
  await redis.pipeline().xadd(key(instance, of), '*', 'end', '1').expire(key(instance, of), 600).exec();
}

/** Forgets what a killed worker wrote, before the work starts anew. */
export async function resetOutput(redis: Redis, instance: string, of: OutputOf): Promise<void> {
  await redis.del(key(instance, of));
}

/** All text so far, and the id to tail after. */
export async function readOutput(
  redis: Redis,
  instance: string,
  of: OutputOf,
): Promise<{ text: string; lastId: string; isEnded: boolean }> {
  const entries = (await redis.xrange(key(instance, of), '-', '+')) as [string, string[]][];
  const text = entries.map(([, fields]) => (fields[0] === 't' ? fields[1] : '')).join('');
  return { text, lastId: entries.at(-1)?.[0] ?? '0', isEnded: entries.at(-1)?.[1][0] === 'end' };
}

/** Chunks after `afterId` as they come; returns at the end mark or when `signal` is aborted. */
export async function* tailOutput(
  redis: Redis,
  instance: string,
  of: OutputOf,
  options: { afterId?: string; signal: AbortSignal },
): AsyncGenerator<{ id: string; text: string }> {
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const stop = () => connection.disconnect();
  options.signal.addEventListener('abort', stop, { once: true });
  let after = options.afterId ?? '0';
  try {
    while (!options.signal.aborted) {
      const answer = await connection
        .xread('COUNT', 200, 'BLOCK', 5_000, 'STREAMS', key(instance, of), after)
        .catch((error) => {
          if (options.signal.aborted) return null;
          throw error;
        });
      for (const [id, fields] of (answer?.[0]?.[1] ?? []) as [string, string[]][]) {
        after = id;
        if (fields[0] === 'end') return;
        yield { id, text: fields[1] ?? '' };
      }
    }
  } finally {
    options.signal.removeEventListener('abort', stop);
    connection.disconnect();
  }
}

import type { Redis } from 'ioredis';
import type { LogLine } from './line.js';

/** A line with its place in the stream; `id` is what a tail resumes after. */
export type StoredLine = LogLine & { id: string };

/** Lines kept per app; older ones are trimmed. */
const linesMax = 10_000;
const textMax = 10_000;
/** Where Redis has an app's lines. */
export const streamKey = (instance: string, appId: string) => `berth:${instance}:log:${appId}`;

/** How far a shipper has come, a field of a hash. */
export interface ShipPlace {
  key: string;
  field: string;
  value: string;
}

/** Appends lines of one app, in order; with `place`, it moves with them or not at all, so that none is lost or sent twice. */
export async function appendLines(
  redis: Redis,
  instance: string,
  appId: string,
  lines: readonly LogLine[],
  place?: ShipPlace,
): Promise<void> {
  if (lines.length === 0) return;
  const pipeline = place ? redis.multi().hset(place.key, place.field, place.value) : redis.pipeline();
  for (const { at, source, process, text } of lines)
    pipeline.xadd(
      streamKey(instance, appId),
      'MAXLEN',
      '~',
      linesMax,
      '*',
      'a',
      String(at),
      's',
      source,
      'p',
      process,
      't',
      text.slice(0, textMax),
    );
  const results = await pipeline.exec();
  const failed = results?.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
}

type Entry = [id: string, fields: string[]];

function parse([id, fields]: Entry): StoredLine {
  const of = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  return { id, at: Number(of('a')), source: of('s') as LogLine['source'], process: of('p'), text: of('t') };
}

/** The last `count` lines that match, oldest first. */
export async function readLines(
  redis: Redis,
  instance: string,
  appId: string,
  options: { count: number; matches?: (line: LogLine) => boolean },
): Promise<StoredLine[]> {
  const found: StoredLine[] = [];
  let end = '+';
  while (found.length < options.count) {
    const entries = (await redis.xrevrange(streamKey(instance, appId), end, '-', 'COUNT', 500)) as Entry[];
    for (const line of entries.map(parse))
      if (found.length < options.count && (options.matches?.(line) ?? true)) found.push(line);
    const last = entries.at(-1);
    if (entries.length < 500 || !last) break;
    end = `(${last[0]}`;
  }
  return found.reverse();
}

/** Lines after `afterId` as they come, in batches, until `signal` is aborted. Uses a connection of its own. */
export async function* tailLines(
  redis: Redis,
  instance: string,
  appId: string,
  options: { afterId: string; signal: AbortSignal },
): AsyncGenerator<StoredLine[]> {
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const stop = () => connection.disconnect();
  options.signal.addEventListener('abort', stop, { once: true });
  let after = options.afterId;
  try {
    while (!options.signal.aborted) {
      const answer = await connection
        .xread('COUNT', 500, 'BLOCK', 5_000, 'STREAMS', streamKey(instance, appId), after)
        .catch((error) => {
          if (options.signal.aborted) return null;
          throw error;
        });
      const entries = (answer?.[0]?.[1] ?? []) as Entry[];
      if (entries.length === 0) continue;
      after = entries.at(-1)![0];
      yield entries.map(parse);
    }
  } finally {
    options.signal.removeEventListener('abort', stop);
    connection.disconnect();
  }
}

/** The id after which only new lines come. */
export async function lastLineId(redis: Redis, instance: string, appId: string): Promise<string> {
  const entries = (await redis.xrevrange(streamKey(instance, appId), '+', '-', 'COUNT', 1)) as Entry[];
  return entries[0]?.[0] ?? '0';
}

/** For an app that was destroyed. */
export async function dropLines(redis: Redis, instance: string, appId: string): Promise<void> {
  await redis.del(streamKey(instance, appId));
}

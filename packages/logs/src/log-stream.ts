import { retentionBounds, usualKeptLines } from '@berth/domain/retention-bounds';
import type { Redis } from 'ioredis';
import type { LogLine } from './line.js';

/** A line with its place in the stream; `id` is what a tail resumes after. */
export type StoredLine = LogLine & { id: string };

const textMax = 10_000;
/** Where Redis has an app's lines. */
export const streamKey = (instance: string, appId: string) => `berth:${instance}:log:${appId}`;

/** A hash of the apps whose environments keep another number of lines than the usual one. */
const keptKey = (instance: string) => `berth:${instance}:log-kept`;

/** What each stream was to keep when this process last wrote to it: asked for with every write, so that a write is one way. */
const keptOf = new Map<string, number>();

/** How far a shipper has come, a field of a hash. */
export interface ShipPlace {
  key: string;
  field: string;
  value: string;
}

/**
 * Appends lines of one app, in order; with `place`, it moves with them or not at all, so that none is lost or sent twice. The oldest
 * lines beyond those that are kept go (some dozens later); the first write of a process leaves them to the next one.
 */
export async function appendLines(
  redis: Redis,
  instance: string,
  appId: string,
  lines: readonly LogLine[],
  place?: ShipPlace,
): Promise<void> {
  if (lines.length === 0) return;
  const pipeline = place ? redis.multi().hset(place.key, place.field, place.value) : redis.pipeline();
  const key = streamKey(instance, appId);
  for (const { at, source, process, text } of lines)
    pipeline.xadd(
      key,
      'MAXLEN',
      '~',
      keptOf.get(key) ?? retentionBounds.keptLines.most,
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
  const results = await pipeline.hget(keptKey(instance), appId).exec();
  const failed = results?.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
  keptOf.set(key, Number(results?.at(-1)?.[1] ?? usualKeptLines));
}

/** Says for each app how many lines are kept; for those that are left out, the usual number. */
export async function setKeptLines(redis: Redis, instance: string, kept: ReadonlyMap<string, number>): Promise<void> {
  const pipeline = redis.multi().del(keptKey(instance));
  if (kept.size > 0) pipeline.hset(keptKey(instance), kept);
  await pipeline.exec();
}

/** Removes the app's lines of before a time (ms since 1970), and those beyond the newest `lines`. Answers how many went. */
export async function forgetLines(
  redis: Redis,
  instance: string,
  appId: string,
  { before, lines }: { before: number; lines: number },
): Promise<number> {
  const key = streamKey(instance, appId);
  return (await redis.xtrim(key, 'MINID', before)) + (await redis.xtrim(key, 'MAXLEN', '~', lines));
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

import { setTimeout as sleep } from 'node:timers/promises';
import { parseAgentLine } from '@berth/domain/agent-line';
import type { DockerHost } from '@berth/engine/docker/docker-host';
import { followLogs, type PrintedLine } from '@berth/engine/docker/follow-logs';
import { appendLines } from '@berth/logs/log-stream';
import type { Redis } from 'ioredis';

/** A container whose lines are shipped. */
export interface Source {
  containerId: string;
  appId: string;
  /** `web.1` */
  process: string;
  /** Names of its agents: a mark of any other is the app's own text. */
  agents: readonly string[];
}

export interface Shipping {
  host: Pick<DockerHost, 'docker'>;
  redis: Redis;
  instance: string;
  signal: AbortSignal;
}

/** Time stamps of the last lines shipped, per container: a hash that the next host process starts from. */
export const placesKey = (instance: string) => `berth:${instance}:log-place`;

const batchMax = 500;
const batchWaitMs = 20;
/**
 * stdout and stderr are stamped before they are written, so two neighbours may stand in the wrong order. Reading again
 * starts at the oldest of the last few stamps, and lines with one of these stamps are passed over.
 */
const stampsKept = 16;

/**
 * Ships one container's lines from where an earlier shipper stopped until the container stops. Lines and place are
 * written in one transaction, so a shipper that is killed loses no line and sends none twice.
 */
export async function shipContainer(shipping: Shipping, source: Source): Promise<void> {
  const { redis, instance, host, signal } = shipping;
  const stored = await redis.hget(placesKey(instance), source.containerId);
  let stamps: string[] = stored === null ? [] : JSON.parse(stored);
  const shipped = new Set(stamps);
  const since = stamps.toSorted()[0];
  for await (const batch of batches(followLogs(host, source.containerId, since, signal))) {
    const fresh = batch.filter((line) => !line.stamps.every((stamp) => shipped.has(stamp)));
    stamps = [...stamps, ...fresh.flatMap((line) => line.stamps)].slice(-stampsKept);
    await appendUntilStored(shipping, source, fresh, JSON.stringify(stamps));
  }
}

async function appendUntilStored(
  { redis, instance, signal }: Shipping,
  source: Source,
  lines: readonly PrintedLine[],
  value: string,
): Promise<void> {
  const { appId, containerId } = source;
  const logLines = lines.map(({ text, stamps }) => ({
    at: Date.parse(stamps[0]!),
    source: 'app' as const,
    ...processOf(source, text),
  }));
  const place = { key: placesKey(instance), field: containerId, value };
  while (!signal.aborted) {
    try {
      return await appendLines(redis, instance, appId, logLines, place);
    } catch {
      await sleep(500, undefined, { signal }).catch(() => {}); // Redis is away; the lines wait in the daemon's file
    }
  }
}

/** A line of an agent is of `web.1/metrics`. */
function processOf({ process, agents }: Source, line: string): { process: string; text: string } {
  const { agent, text } = parseAgentLine(line);
  return agent !== undefined && agents.includes(agent)
    ? { process: `${process}/${agent}`, text }
    : { process, text: line };
}

/** Groups what comes quickly, so that a chatty app costs one write per 20 ms and not one per line. */
async function* batches(lines: AsyncGenerator<PrintedLine>): AsyncGenerator<PrintedLine[]> {
  let batch: PrintedLine[] = [];
  let late: Promise<'late'> | undefined;
  let next = lines.next();
  for (;;) {
    const result = batch.length >= batchMax ? 'late' : await Promise.race(late ? [next, late] : [next]);
    if (result === 'late') {
      yield batch;
      batch = [];
      late = undefined;
    } else if (result.done) {
      if (batch.length > 0) yield batch;
      return;
    } else {
      batch.push(result.value);
      late ??= sleep(batchWaitMs).then(() => 'late' as const);
      next = lines.next();
    }
  }
}

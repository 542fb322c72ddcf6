import { formatLine, type LogLine } from '@berth/logs/line';
import { lastLineId, readLines, type StoredLine, tailLines } from '@berth/logs/log-stream';
import type { Platform } from '@berth/platform/platform';
import type { EventStream } from './sse.js';

export interface LogRequest {
  appId: string;
  /** Lines from before now, at the most. */
  lines: number;
  /** Stay, and send lines as they come. */
  tail: boolean;
  /** `app`, `berth`, or `heroku` as the CLI's users type it. */
  source?: string | undefined;
  /** `web` or `web.1`. */
  dyno?: string | undefined;
  /** A tail that comes back goes on after this line. */
  afterId?: string | undefined;
  /** Called now and then; throws when the person may no longer read this log. */
  checkRight: () => Promise<void>;
}

/** How often an open tail looks whether the person may still read it, ms. */
const checkEveryMs = 30_000;

/** Sends the log of one app: each message is one line with its id. Ends by itself when it is not a tail. */
export async function sendLog(platform: Platform, request: LogRequest, stream: EventStream): Promise<void> {
  const { redis, instance } = platform;
  const matches = lineFilter(request);
  const send = async (line: StoredLine) => stream.send({ id: line.id, data: formatLine(line) });

  let afterId = request.afterId ?? (await lastLineId(redis, instance, request.appId));
  if (!request.afterId) {
    const lines = await readLines(redis, instance, request.appId, { count: request.lines, matches });
    for (const line of lines) await send(line);
    afterId = later(afterId, lines.at(-1)?.id);
  }
  if (!request.tail) return;
  let checkedAt = Date.now();
  for await (const lines of tailLines(redis, instance, request.appId, { afterId, signal: stream.signal })) {
    if (Date.now() - checkedAt > checkEveryMs) {
      await request.checkRight();
      checkedAt = Date.now();
    }
    for (const line of lines) if (matches(line)) await send(line);
  }
}

/** A line may have come between asking for the last id and reading. */
function later(a: string, b: string | undefined): string {
  if (!b) return a;
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return bMs > aMs || (bMs === aMs && bNumber > aNumber) ? b : a;
}

/** Which lines a request asks for. */
export function lineFilter({ source, dyno }: Pick<LogRequest, 'source' | 'dyno'>): (line: LogLine) => boolean {
  const wanted = source === 'heroku' ? 'berth' : source;
  // `web` has web.1 and the agents beside it, web.1/metrics.
  const isOf = (process: string, name: string) => process === name || process.startsWith(`${name}.`);
  return (line) =>
    (!wanted || line.source === wanted) && (!dyno || isOf(line.process, dyno) || line.process.startsWith(`${dyno}/`));
}

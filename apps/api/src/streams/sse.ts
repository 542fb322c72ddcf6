import { once } from 'node:events';
import { UserError } from '@berth/domain/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';

/** A comment line this often keeps proxies and half-open connections honest, ms. */
const heartbeatMs = 15_000;
/** A client that reads nothing for this long is cut off; it comes back with Last-Event-ID, ms. */
const stalledMs = 60_000;

/** Streams that one person may have open, in all tabs and terminals: each tail has a connection to Redis of its own. */
const openMax = 100;

/** One open stream to a client. `signal` is aborted when the client goes away, the stream is ended, or the process stops. */
export interface OpenStream {
  signal: AbortSignal;
  /** Resolves when the client can take more: the writer waits, nothing piles up in memory. */
  write: (text: string) => Promise<void>;
}

/**
 * Answers with a stream that `body` writes for `userId`; the response ends when it returns. Errors after the head are logged and cut the
 * connection, so that the client knows the answer is not whole.
 */
export async function streamReply(
  api: Api,
  request: FastifyRequest,
  reply: FastifyReply,
  { userId, headers }: { userId: string; headers: Record<string, string> },
  body: (stream: OpenStream) => Promise<void>,
): Promise<void> {
  const close = countOpen(api, userId);
  const raw = reply.raw;
  const ended = new AbortController();
  raw.on('close', () => ended.abort()).on('error', () => ended.abort());
  const signal = AbortSignal.any([ended.signal, api.stopped]);
  reply.hijack();
  // What a customer's process printed is never a page of ours.
  const always = { 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' };
  raw.writeHead(200, { 'request-id': request.id, ...always, ...headers });
  raw.flushHeaders();
  try {
    await body({ signal, write: (text) => writeOut(raw, text, signal) });
    raw.end();
  } catch (error) {
    if (!signal.aborted && !(error instanceof UserError)) request.log.error({ err: error }, 'stream failed');
    if (api.stopped.aborted) raw.end();
    else raw.destroy();
  } finally {
    ended.abort();
    close();
  }
}

/** Counts one more; the returned function counts it off again. */
function countOpen({ openStreams }: Api, userId: string): () => void {
  const open = openStreams.get(userId) ?? 0;
  if (open >= openMax) throw new UserError('rate_limited', `You have ${openMax} streams open already: close some.`);
  openStreams.set(userId, open + 1);
  return () => {
    const left = (openStreams.get(userId) ?? 1) - 1;
    if (left > 0) openStreams.set(userId, left);
    else openStreams.delete(userId);
  };
}

async function writeOut(raw: FastifyReply['raw'], text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || raw.write(text)) return;
  const stalled = AbortSignal.timeout(stalledMs);
  await once(raw, 'drain', { signal: AbortSignal.any([signal, stalled]) }).catch(() => {
    if (!signal.aborted) raw.destroy();
  });
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  signal: AbortSignal;
  send: (message: { id?: string; event?: string; data: string }) => Promise<void>;
}

/** Answers with server-sent events. `retryMs` is how soon a client comes back after the end. */
export function streamEvents(
  api: Api,
  request: FastifyRequest,
  reply: FastifyReply,
  options: { userId: string; retryMs: number },
  body: (stream: EventStream) => Promise<void>,
): Promise<void> {
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  return streamReply(api, request, reply, { userId: options.userId, headers }, async (stream) => {
    await stream.write(`retry: ${options.retryMs}\n\n`);
    const heartbeat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs);
    try {
      await body({ signal: stream.signal, send: (message) => stream.write(formatMessage(message)) });
    } finally {
      clearInterval(heartbeat);
    }
  });
}

function formatMessage({ id, event, data }: { id?: string; event?: string; data: string }): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${id ? `id: ${id}\n` : ''}${event ? `event: ${event}\n` : ''}${lines.join('')}\n`;
}

/** Where a client that comes back had stopped. */
export function lastEventId(request: FastifyRequest): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** As {@link lastEventId}, when it is a Redis stream id (`1700000000000-0`); anything else is ignored. */
export function lastStreamId(request: FastifyRequest): string | undefined {
  const id = lastEventId(request);
  return id && /^\d{1,15}-\d{1,10}$/.test(id) ? id : undefined;
}

import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodeFrame } from './frames.js';
import { toWireError } from './wire-error.js';
import { writeWhenRoom } from './write-when-room.js';

/** What a verb gets: its arguments as the client gave them, and a signal that is aborted when the client goes away. */
export interface VerbCall {
  // biome-ignore lint/suspicious/noExplicitAny: arguments are typed by the interface on both ends of our own socket
  args: any[];
  signal: AbortSignal;
}

export type Verb =
  | { kind: 'call'; run: (call: VerbCall) => Promise<unknown> }
  | { kind: 'follow'; run: (call: VerbCall & FollowSink) => Promise<unknown> }
  | { kind: 'send'; run: (call: VerbCall, body: Readable) => Promise<void> }
  | { kind: 'receive'; run: (call: VerbCall) => Promise<Readable> };

/** Resolves when the client has room again: back-pressure reaches the process that prints. */
export interface FollowSink {
  output: (chunk: Buffer) => Promise<void>;
  stderr: (chunk: Buffer) => Promise<void>;
  event: (event: unknown) => Promise<void>;
}

export type OnVerbError = (verb: string, error: unknown) => void;

/**
 * Serves verbs on a unix socket. Anybody who sees the socket may use it: the right is the directory it is mounted in,
 * so the socket itself is open to every user id of the container that has it.
 */
export async function serveVerbs(
  socketPath: string,
  verbs: Record<string, Verb>,
  onError: OnVerbError,
): Promise<{ stop: () => Promise<void> }> {
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o755 });
  await rm(socketPath, { force: true });
  const server: Server = createServer((request, response) => {
    answer(verbs, request, response).catch((error) => {
      onError(request.url ?? '', error);
      fail(response, error);
    });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  await chmod(socketPath, 0o666);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(verbs: Record<string, Verb>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://engine');
  const verb = verbs[url.pathname.slice(1)];
  if (!verb) throw new Error(`No such verb: ${url.pathname}`);
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const { signal } = controller;
  if (verb.kind === 'send') {
    await verb.run({ args: JSON.parse(url.searchParams.get('args') ?? '[]'), signal }, request);
    response.writeHead(200).end();
    return;
  }
  const args = JSON.parse(await readText(request));
  if (verb.kind === 'call') {
    const result = await verb.run({ args, signal });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
  } else if (verb.kind === 'receive') {
    const body = await verb.run({ args, signal });
    response.writeHead(200, { 'content-type': 'application/x-tar' });
    await pipeline(body, response).catch(() => response.destroy());
  } else {
    await answerFollowed(verb, { args, signal }, response);
  }
}

async function answerFollowed(
  verb: Verb & { kind: 'follow' },
  call: VerbCall,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200).flushHeaders();
  const write = (frame: Buffer) => writeWhenRoom(response, frame);
  const result = await verb.run({
    ...call,
    output: (chunk) => write(encodeFrame('output', chunk)),
    stderr: (chunk) => write(encodeFrame('stderr', chunk)),
    event: (event) => write(encodeFrame('event', JSON.stringify(event))),
  });
  response.end(encodeFrame('result', result === undefined ? '' : JSON.stringify(result)));
}

function fail(response: ServerResponse, error: unknown): void {
  const wire = toWireError(error);
  if (response.destroyed) return;
  if (response.headersSent) {
    response.end(encodeFrame('error', JSON.stringify(wire)));
    return;
  }
  const status = { user: 422, transient: 503, internal: 500 }[wire.kind];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(wire));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

import type { Readable } from 'node:stream';
import { TransientError } from '@berth/domain/errors';
import { Agent, type Dispatcher, request } from 'undici';
import { decodeFrames } from './frames.js';
import { fromWireError, type WireError } from './wire-error.js';

/** The client's side of one unix socket of apps/host. */
export interface EngineSocket {
  /** One verb with JSON arguments and a JSON answer. */
  call: <T>(verb: string, args: readonly unknown[]) => Promise<T>;
  /** A verb that tells things while it works. Aborting `signal` ends it on the other side too. */
  follow: <T>(verb: string, args: readonly unknown[], on: FollowHandlers, signal: AbortSignal) => Promise<T>;
  /** A verb that takes a stream of bytes. */
  send: (verb: string, args: readonly unknown[], body: Readable) => Promise<void>;
  /** A verb that answers with a stream of bytes. */
  receive: (verb: string, args: readonly unknown[]) => Promise<Readable>;
  close: () => Promise<void>;
}

export interface FollowHandlers {
  output?: (chunk: Buffer) => unknown;
  stderr?: (chunk: Buffer) => unknown;
  event?: (event: unknown) => unknown;
}

export function openEngineSocket(socketPath: string): EngineSocket {
  // Image pulls and commands take minutes without a byte, so undici's own time limits are off; callers have signals.
  const agent = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0, connections: 256 });
  const post = async (verb: string, options: Partial<Dispatcher.RequestOptions>) => {
    const response = await request(`http://engine/${verb}`, { ...options, method: 'POST', dispatcher: agent }).catch(
      (cause: unknown) => {
        if (options.signal && (options.signal as AbortSignal).aborted) throw cause;
        throw new TransientError(`The engine did not answer to ${verb}.`, { cause });
      },
    );
    if (response.statusCode < 300) return response.body;
    throw fromWireError((await response.body.json()) as WireError);
  };
  const json = (args: readonly unknown[]) => ({
    body: JSON.stringify(args),
    headers: { 'content-type': 'application/json' },
  });
  const query = (args: readonly unknown[]) => ({ query: { args: JSON.stringify(args) } });
  return {
    call: async <T>(verb: string, args: readonly unknown[]) => (await (await post(verb, json(args))).json()) as T,
    follow: async <T>(verb: string, args: readonly unknown[], on: FollowHandlers, signal: AbortSignal) =>
      (await readFollowed(verb, await post(verb, { ...json(args), signal }), on, signal)) as T,
    send: async (verb, args, body) => void (await (await post(verb, { ...query(args), body })).dump()),
    receive: async (verb, args) => await post(verb, json(args)),
    close: () => agent.close(),
  };
}

async function readFollowed(verb: string, body: Readable, on: FollowHandlers, signal: AbortSignal): Promise<unknown> {
  try {
    for await (const { type, payload } of decodeFrames(body)) {
      if (type === 'output') await on.output?.(payload);
      else if (type === 'stderr') await on.stderr?.(payload);
      else if (type === 'event') await on.event?.(JSON.parse(payload.toString()));
      else if (type === 'result') return payload.length === 0 ? undefined : JSON.parse(payload.toString());
      else throw fromWireError(JSON.parse(payload.toString()) as WireError);
    }
  } catch (error) {
    signal.throwIfAborted();
    // undici's own errors (the other side died) carry a code; what a frame or a handler threw is passed on.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('UND_ERR'))
      throw new TransientError(`The engine went away during ${verb}.`, { cause: error });
    throw error;
  }
  throw new TransientError(`The engine's answer to ${verb} was cut.`);
}

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { notFound, UserError } from '@berth/domain/errors';
import type { ReleaseEngine, Terminal } from './interface.js';
import type { FollowSink, Verb } from './serve-verbs.js';

/** All of one host; each holds two processes in a container. */
const terminalsMax = 100;

/**
 * A terminal over the socket is three verbs: `openTerminal` follows what it prints until it ends and tells its id first,
 * `sendToTerminal` is its stdin, `resizeTerminal` its size. Who follows has it: when that one goes away, it ends.
 */
export function serveTerminals(engine: Pick<ReleaseEngine, 'openTerminal'>): Record<string, Verb> {
  const open = new Map<string, Terminal>();
  let count = 0; // also those that are being opened
  const find = (id: string) => {
    const terminal = open.get(id);
    if (!terminal) throw notFound('terminal', id);
    return terminal;
  };
  return {
    openTerminal: {
      kind: 'follow',
      run: async ({ args: [spec], signal, ...sink }) => {
        if (count >= terminalsMax)
          throw new UserError(
            'rate_limited',
            `There are ${terminalsMax} open shells already: close one and try again.`,
          );
        const id = randomUUID();
        count += 1;
        try {
          const terminal = await engine.openTerminal(spec);
          open.set(id, terminal);
          return await follow(terminal, id, sink, signal);
        } finally {
          open.delete(id);
          count -= 1;
        }
      },
    },
    sendToTerminal: {
      kind: 'send',
      // A command that ends before it has read its input breaks the pipe: its exit code says more.
      run: ({ args: [id] }, body) => pipeline(body, find(id).stream, { end: true }).catch(() => {}),
    },
    resizeTerminal: { kind: 'call', run: ({ args: [id, columns, lines] }) => find(id).resize(columns, lines) },
  };
}

/** The exit code; undefined when nobody is there to be told. */
async function follow(
  terminal: Terminal,
  id: string,
  sink: FollowSink,
  signal: AbortSignal,
): Promise<number | undefined> {
  const leave = () => terminal.stream.destroy();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  await sink.event({ id });
  const hand = async (from: Readable, to: (chunk: Buffer) => Promise<void>) => {
    for await (const chunk of from.iterator({ destroyOnReturn: false })) await to(chunk as Buffer);
  };
  await Promise.all([hand(terminal.stream, sink.output), hand(terminal.stderr, sink.stderr)]).catch(leave);
  return await terminal.exit.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return undefined;
  });
}

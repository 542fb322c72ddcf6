import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

/** What requests are marked with, in turns; one of them is not. */
export const marks = ['berth-env=pa', undefined, 'berth-env=pb', 'berth-env=pc,berth-trace=1-2'];

/** The marks of so many requests. */
export const askedWith = (count: number) => Array.from({ length: count }, (_, index) => marks[index % marks.length]);

/** What the other service is to see of a request with this mark. */
export const expected = (mark: string | undefined) => mark ?? null;

/** The other service: answers with the baggage that it got, a moment later. */
export async function startOther() {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.end(JSON.stringify({ baggage: request.headers.baggage ?? null })), Math.random() * 4);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A mark ends half a second after its request's answer; so long after it, on a machine that is busy too, ms. */
export const graceMs = 1_500;

/** What a request has started in an app goes on, and `look` tells all marks that it saw: none after a time, in `looks` at the least. */
export async function expectNoMark(
  look: () => Promise<{ at: number; got: unknown }[]>,
  { after, looks }: { after: number; looks: number },
): Promise<void> {
  let late: { at: number; got: unknown }[] = [];
  while (late.length < looks) {
    await sleep(50);
    late = (await look()).filter(({ at }) => at > after);
  }
  expect(new Set(late.map(({ got }) => got))).toEqual(new Set([null]));
}

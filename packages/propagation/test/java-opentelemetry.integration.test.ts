import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedWith, expected, startOther } from './marks.js';
import { type JavaHome, openJava } from './open-java.js';
import { call } from './start-app.js';

const asked = askedWith(60);

/** What files/java/profile.sh says of it. */
const settings = {
  OTEL_PROPAGATORS: 'tracecontext,baggage',
  OTEL_TRACES_EXPORTER: 'none',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
};

let other: Awaited<ReturnType<typeof startOther>>;
beforeAll(async () => {
  other = await startOther();
});
afterAll(() => other?.close());

describe.each([
  ['17', 'threads'],
  ['21', 'virtual'],
])('Java %s, %s, with OpenTelemetry', (line, threads) => {
  let java: JavaHome;
  let app: { child: ChildProcess; port: number };
  const connections = new Agent({ keepAlive: true, maxSockets: 4 });

  const ask = async (by: string, baggage?: string, { host = 'orders.internal', method = 'GET' } = {}) => {
    const path = `/?by=${by}&url=${encodeURIComponent(`http://${host}:${other.port}/`)}`;
    const answer = await call(app.port, { path, baggage, method, agent: connections, lateMs: 3 });
    return JSON.parse(answer).baggage;
  };

  beforeAll(async () => {
    java = await openJava(line, 'opentelemetry');
    const child = java.start(['App', threads], settings);
    const [port] = await once(createInterface(child.stdout!), 'line');
    app = { child, port: Number(port) };
  }, 600_000);
  afterAll(async () => {
    connections.destroy();
    await java?.close();
  });

  it.each(['client', 'connection', 'pool', 'execute', 'scheduled', 'suppliedInPool', 'sharedRequest'])(
    'carries each mark, and only that, by %s over kept-alive connections',
    async (by) => {
      for (const method of ['GET', 'POST']) {
        const got = await Promise.all(asked.map((mark) => ask(by, mark, { method })));
        expect(got).toEqual(asked.map(expected));
      }
    },
  );

  it('never gives one request the mark of another, and rather none, by a thread', async () => {
    expect(new Set(await Promise.all(asked.map((mark) => ask('thread', mark))))).toEqual(new Set([null]));
  });

  it('tells everybody all that came in, and does not merge it with what the app says: why ours is the default', async () => {
    const mark = 'x=9,berth-env=pa';
    const members = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).split(',').sort();
    expect(await members('client', mark, { host: 'elsewhere.example' })).toEqual(['berth-env=pa', 'x=9']);
    expect(await members('own', mark)).toEqual(['a=1', 'b=2']);
    expect(await members('ownConnection', mark)).toEqual(['berth-env=pa', 'x=9']);
    expect(await members('ownConnection')).toEqual(['a=1', 'b=2']);
  });
});

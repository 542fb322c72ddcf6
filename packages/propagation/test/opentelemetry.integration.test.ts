import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedWith } from './marks.js';
import { nodeBinary } from './node-binaries.js';
import { npmPackages } from './npm-packages.js';
import { type App, call, startApp } from './start-app.js';

/** SDKs of an app's own, by Node.js line: the last of their 2.x and one of 3.x, each with the instrumentations of its time. */
const sdks = {
  '20': { version: '0.223.0', undici: '0.33.0' },
  '24': { version: '0.301.0', undici: '0.34.0' },
};

/** Nothing but what the app sets up itself. */
const quietly = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

/** What the other service got. */
interface Got {
  baggage: string | null;
  traceparent: string | null;
}

const other = createServer(({ headers }, response) => {
  const got: Got = {
    baggage: (headers.baggage as string | undefined) ?? null,
    traceparent: (headers.traceparent as string | undefined) ?? null,
  };
  setTimeout(() => response.end(JSON.stringify({ baggage: got })), Math.random() * 4);
});

beforeAll(async () => {
  await once(other.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  other.closeAllConnections();
  other.close();
});

/** The package.json beside which an SDK lies. */
async function sdkOf(line: keyof typeof sdks): Promise<string> {
  const { version, undici } = sdks[line];
  const names = [`sdk-node@${version}`, `instrumentation-http@${version}`, `instrumentation-undici@${undici}`];
  const packages = names.map((name) => `@opentelemetry/${name}`);
  return join(await npmPackages(`opentelemetry-${version}`, packages), 'package.json');
}

describe.each(['20', '24'] as const)('beside an app’s own OpenTelemetry, Node.js %s', (line) => {
  let app: App;
  const connections = new Agent({ keepAlive: true, maxSockets: 3 });
  beforeAll(async () => {
    app = await startApp(await nodeBinary(line), 'traced.cjs', {
      env: { ...quietly, OPENTELEMETRY: await sdkOf(line) },
    });
  }, 300_000);
  afterAll(async () => {
    connections.destroy();
    await app?.stop();
  });

  const ask = async (
    by: string,
    { baggage, host = 'orders.internal' }: { baggage?: string | undefined; host?: string },
  ) => {
    const url = encodeURIComponent(`http://${host}:${(other.address() as AddressInfo).port}/`);
    const text = await call(app.port, { path: `/call?by=${by}&url=${url}`, baggage, agent: connections });
    return JSON.parse(text) as Got;
  };
  const marksIn = (got: Got) => got.baggage?.match(/berth-env=[a-z]+/g) ?? [];

  it.each(['http', 'fetch', 'undici'])('each mark goes on, once, and so does the trace, by %s', async (by) => {
    const asked = askedWith(60);
    const got = await Promise.all(asked.map((baggage) => ask(by, { baggage })));
    expect(got.map(marksIn)).toEqual(asked.map((mark) => mark?.match(/berth-env=[a-z]+/g) ?? []));
    expect(got.filter(({ traceparent }) => !/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(traceparent ?? ''))).toEqual([]);
    expect(new Set(got.map(({ traceparent }) => traceparent)).size).toBe(asked.length);
  });

  it.each(['http', 'fetch', 'undici'])(
    'its baggage goes where it sends it, the mark only to our own, by %s',
    async (by) => {
      const baggage = 'customer=9,berth-env=pa';
      const inside = await ask(by, { baggage });
      expect({ marks: marksIn(inside), isTheirsKept: inside.baggage?.includes('customer=9') }).toEqual({
        ...{ marks: ['berth-env=pa'], isTheirsKept: true },
      });
      const outside = await ask(by, { baggage, host: 'elsewhere.example' });
      expect({ marks: marksIn(outside), baggage: outside.baggage }).toEqual({ marks: [], baggage: 'customer=9' });
    },
  );
});

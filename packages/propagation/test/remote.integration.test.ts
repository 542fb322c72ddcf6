import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { credentials, Metadata, makeClientConstructor, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type Certificate, makeCertificate } from './certificate.js';
import { askedWith, expected } from './marks.js';
import { nodeBinary } from './node-binaries.js';
import { type App, call, startApp } from './start-app.js';

const { Other } = createRequire(import.meta.url)('./apps/grpc-service.cjs');

/** The other service, by each protocol: it answers with the baggage that it got. */
const plain = createServer();
const sockets = new WebSocketServer({ server: plain });
const grpc = new Server();
let secure: ReturnType<typeof createSecureServer>;
let certificate: Certificate;
let grpcPort: number;

beforeAll(async () => {
  sockets.on('connection', (socket, { headers }) => socket.send(JSON.stringify(headers.baggage ?? null)));
  grpc.addService(Other, {
    ask: ({ metadata }: { metadata: Metadata }, reply: (error: null, text: string) => void) =>
      setTimeout(() => reply(null, JSON.stringify(metadata.get('baggage')[0] ?? null)), Math.random() * 4),
  });
  certificate = await makeCertificate();
  const files = { key: await readFile(certificate.key), cert: await readFile(certificate.cert) };
  secure = createSecureServer(files, ({ headers }, response) => {
    setTimeout(() => response.end(JSON.stringify(headers.baggage ?? null)), Math.random() * 4);
  });
  for (const server of [plain, secure]) await once(server.listen(0, '127.0.0.1'), 'listening');
  grpcPort = await new Promise((resolve, reject) =>
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
});
afterAll(async () => {
  grpc.forceShutdown();
  sockets.close();
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    server.close();
  }
  await certificate.remove();
});

describe.each(['20', '22', '24'])('Node.js %s', (line) => {
  let app: App;
  beforeAll(async () => {
    app = await startApp(await nodeBinary(line), 'remote.cjs');
  }, 120_000);
  afterAll(() => app?.stop());

  const portOf = (by: string) =>
    by === 'grpc' ? grpcPort : ((by === 'https' ? secure : plain).address() as AddressInfo).port;
  // Node.js 20 has no WebSocket of its own.
  it.each(['https', 'ws', 'grpc', ...(line === '20' ? [] : ['websocket'])])(
    'carries each mark, and only that, by %s',
    async (by) => {
      const asked = askedWith(40);
      const got = await Promise.all(
        asked.map((baggage) => call(app.port, { path: `/call?by=${by}&port=${portOf(by)}`, baggage })),
      );
      expect(got.map((text) => JSON.parse(text))).toEqual(asked.map(expected));
    },
  );

  // Nor a channel for what comes in by HTTP/2.
  const itWithHttp2 = line === '20' ? () => {} : it;
  itWithHttp2('carries it from one gRPC call to the next, over one connection', async () => {
    const Client = makeClientConstructor(Other, 'Other');
    const client = new Client(`127.0.0.1:${app.grpcPort}`, credentials.createInsecure());
    const ask = (mark: string | undefined) =>
      new Promise<string>((resolve, reject) => {
        const metadata = new Metadata();
        if (mark) metadata.set('baggage', mark);
        client.ask?.(String(grpcPort), metadata, (error: Error | null, text: string) =>
          error ? reject(error) : resolve(text),
        );
      });
    const asked = askedWith(60);
    const got = await Promise.all(asked.map(ask));
    client.close();
    expect(got.map((text) => JSON.parse(text))).toEqual(asked.map(expected));
  });
});

'use strict';

// An app that calls others by what npm packages and TLS bring: GET /call?by=<client>&port=<of the other service>, or a gRPC call.
const { createServer } = require('node:http');
const https = require('node:https');
const { WebSocket: WsSocket } = require('ws');
const { Other } = require('./grpc-service.cjs');

// Another package of the app has a copy of its own, and is loaded first.
require('@grpc/grpc-js');
for (const path of Object.keys(require.cache)) if (path.includes('@grpc')) delete require.cache[path];
const grpc = require('@grpc/grpc-js');

/** Channels by port: one connection for all calls. */
const channels = new Map();

function callGrpc(port) {
  const Client = grpc.makeClientConstructor(Other, 'Other');
  if (!channels.has(port)) channels.set(port, new Client(`orders.internal:${port}`, grpc.credentials.createInsecure()));
  return new Promise((done, failed) =>
    channels.get(port).ask('ping', (error, text) => (error ? failed(error) : done(JSON.parse(text)))),
  );
}

/** The first message of a socket. */
const firstMessage = (socket) =>
  new Promise((done, failed) => {
    socket.addEventListener('error', failed);
    socket.addEventListener('message', ({ data }) => {
      done(JSON.parse(data));
      socket.close();
    });
  });

const secureAgent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
const clients = {
  https: (port) =>
    new Promise((done, failed) => {
      const asked = https.get(`https://orders.internal:${port}/`, { agent: secureAgent }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        done(JSON.parse(text));
      });
      asked.on('error', failed);
    }),
  ws: (port) => firstMessage(new WsSocket(`ws://orders.internal:${port}/`)),
  websocket: (port) => firstMessage(new WebSocket(`ws://orders.internal:${port}/`)),
  grpc: callGrpc,
};

const server = createServer(async (request, response) => {
  const { searchParams } = new URL(request.url, 'http://app.internal');
  try {
    response.end(JSON.stringify((await clients[searchParams.get('by')](searchParams.get('port'))) ?? null));
  } catch (error) {
    response.writeHead(500).end(String(error.stack));
  }
});
const own = new grpc.Server();
own.addService(Other, {
  // What is asked is the port of the next service.
  ask: ({ request }, reply) => callGrpc(request).then((got) => reply(null, JSON.stringify(got)), reply),
});
server.listen(0, '127.0.0.1', () =>
  own.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_error, grpcPort) =>
    console.log(JSON.stringify({ port: server.address().port, grpcPort })),
  ),
);

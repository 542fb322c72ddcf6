'use strict';

// An app that knows nothing of marks: it calls other services for whoever asks it. Prints its ports as one line of JSON.
const http = require('node:http');
const http2 = require('node:http2');
const clients = require('./clients.cjs');
const shared = require('./shared.cjs');

/** GET /call?by=<client>&url=<other service> */
async function answer(request, response, ports) {
  const { pathname, searchParams } = new URL(request.url, 'http://app.internal');
  const url = searchParams.get('url');
  const by = searchParams.get('by');
  const calls = pathname === '/shared' ? shared : clients;
  if (request.method === 'POST') await new Promise((resolve) => request.on('data', () => {}).on('end', resolve));
  try {
    response.end(JSON.stringify((await calls[by](url, ports)) ?? null));
  } catch (error) {
    response.writeHead(500).end(String(error.stack));
  }
}

/** The other call is made in the event of a body's last part, which comes late. */
function answerInBody(request, response) {
  const url = new URL(request.url, 'http://app.internal').searchParams.get('url');
  request.on('data', () => {});
  request.on('end', () => clients.http(url).then((got) => response.end(JSON.stringify(got ?? null))));
}

/** One call per second's fraction, as server-sent events: the answer goes on while others come and go. */
async function answerEvents(request, response) {
  const url = new URL(request.url, 'http://app.internal').searchParams.get('url');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let count = 0; count < 3; count++)
    response.write(`data: ${JSON.stringify((await clients.slept(url)) ?? null)}\n\n`);
  response.end();
}

const ports = {};
const server = http.createServer((request, response) => {
  if (request.url.startsWith('/late')) return answerInBody(request, response);
  if (request.url.startsWith('/events')) return answerEvents(request, response);
  return answer(request, response, ports);
});
// A WebSocket as far as its bytes go: each line that comes in is a call.
server.on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  const url = new URL(request.url, 'http://app.internal').searchParams.get('url');
  socket.on('data', () => clients.http(url).then((got) => socket.write(`${JSON.stringify(got ?? null)}\n`)));
});
const grpc = http2.createServer();
grpc.on('stream', (stream, headers) => {
  stream.on('data', () => {});
  stream.on('end', async () => {
    const url = headers['x-url'];
    // Without one it is the other service itself.
    const got = url ? await clients.http2(url, ports) : headers.baggage;
    stream.respond({ ':status': 200 });
    stream.end(JSON.stringify(url ? (got ?? null) : { baggage: got }));
  });
});
server.listen(0, '127.0.0.1', () =>
  grpc.listen(0, '127.0.0.1', () => {
    ports.grpcPort = grpc.address().port;
    console.log(JSON.stringify({ port: server.address().port, grpcPort: ports.grpcPort }));
  }),
);

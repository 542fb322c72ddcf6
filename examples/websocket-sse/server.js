const { createHash } = require('node:crypto');
const http = require('node:http');

const server = http.createServer((request, response) => {
  if (request.url !== '/events') return response.end('try /events (SSE) or a WebSocket on /echo\n');
  // Server-sent events: one tick each 100 ms until the client goes.
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let count = 0;
  const timer = setInterval(() => response.write(`id: ${++count}\ndata: tick ${count}\n\n`), 100);
  request.on('close', () => clearInterval(timer));
});

// A WebSocket that echoes what it gets (RFC 6455): text and binary frames, ping, close; no extensions.
server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame; frame = readFrame(pending)) {
      pending = pending.subarray(frame.bytes);
      if (frame.opcode === 8) return socket.end(writeFrame(8, frame.payload));
      socket.write(writeFrame(frame.opcode === 9 ? 10 : frame.opcode, frame.payload));
    }
  });
});

// One masked client frame, or undefined while it is not whole.
function readFrame(data) {
  if (data.length < 6) return undefined;
  let length = data[1] & 0x7f;
  let at = 2;
  if (length === 126) {
    length = data.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (data.length < 14) return undefined;
    length = Number(data.readBigUInt64BE(2));
    at = 10;
  }
  const bytes = at + 4 + length;
  if (data.length < bytes) return undefined;
  const mask = data.subarray(at, at + 4);
  const payload = Buffer.from(data.subarray(at + 4, bytes));
  for (let i = 0; i < payload.length; i++) payload[i] ^= mask[i % 4];
  return { opcode: data[0] & 0x0f, payload, bytes };
}

function writeFrame(opcode, payload) {
  const length = payload.length;
  const header = length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.alloc(length < 65_536 ? 4 : 10);
  if (length >= 126) {
    header[0] = 0x80 | opcode;
    header[1] = length < 65_536 ? 126 : 127;
    if (length < 65_536) header.writeUInt16BE(length, 2);
    else header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

server.listen(process.env.PORT);

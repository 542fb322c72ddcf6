'use strict';

const net = require('node:net');
const { threadId } = require('node:worker_threads');

// A process that works says so by listening on an abstract unix socket whose name begins with `berth-busy`: who decides about
// sleep sees it in /proc/net/unix, any program of any language may do the same, and it is gone with the process, however
// that ends.

/** The next job mostly follows at once, ms. */
const lingerMs = 500;

let running = 0;
let server;

function open() {
  server = net.createServer((socket) => socket.destroy());
  server.on('error', () => {});
  server.listen({ path: `\0berth-busy-${process.pid}-${threadId}`, exclusive: true });
  server.unref();
}

function closeIfIdle() {
  if (running > 0) return;
  server?.close();
  server = undefined;
}

function end() {
  running--;
  if (running === 0) setTimeout(closeIfIdle, lingerMs).unref();
}

/** What `body` returns. Until that is settled the process is busy. */
function busyWhile(body) {
  running++;
  try {
    if (!server) open();
  } catch {
    // An unknown kernel: it is not seen to be busy.
  }
  let result;
  try {
    result = body();
  } catch (error) {
    end();
    throw error;
  }
  if (typeof result?.then === 'function') result.then(end, end);
  else end();
  return result;
}

module.exports = { busyWhile };

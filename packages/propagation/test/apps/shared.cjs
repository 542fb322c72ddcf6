'use strict';

// What outlives the request that happens to start it, and serves all others: here a wrong mark is made most easily. Each
// answers the baggage of a call made in such a place.
const { EventEmitter } = require('node:events');
const net = require('node:net');
const tls = require('node:tls');
const clients = require('./clients.cjs');

/** A client with one connection, opened by whoever comes first; answers come in order and call callbacks. */
function lineClient(open) {
  let socket;
  const waiting = [];
  return (callback) => {
    if (!socket) {
      socket = open();
      socket.on('data', (chunk) => {
        for (const _ of String(chunk).trim().split('\n')) waiting.shift()();
      });
    }
    waiting.push(callback);
    socket.write('ping\n');
  };
}

const port = (url, name) => Number(new URL(url).searchParams.get(name));
const inCallback = (ask, url) => new Promise((done, failed) => ask(() => clients.http(url).then(done, failed)));

const emitter = new EventEmitter();
const queue = [];
/** What the first request has started, by name. */
const started = new Map();
const once = (name, start) => {
  if (!started.has(name)) started.set(name, start());
  return started.get(name);
};

const flush = () => {
  for (const { url, done, failed } of queue.splice(0)) clients.http(url).then(done, failed);
};
const queued = (url) => new Promise((done, failed) => queue.push({ url, done, failed }));
const seen = { chain: [], loop: [] };
const see = async (name, url) => seen[name].push({ at: Date.now(), got: (await clients.http(url)) ?? null });

module.exports = {
  plain: (url) =>
    inCallback(
      once('plain', () => lineClient(() => net.connect(port(url, 'plain'), '127.0.0.1'))),
      url,
    ),
  secure: (url) => {
    const open = () => tls.connect(port(url, 'secure'), '127.0.0.1', { rejectUnauthorized: false });
    return inCallback(
      once('secure', () => lineClient(open)),
      url,
    );
  },
  interval: (url) => {
    once('interval', () => setInterval(flush, 10));
    return queued(url);
  },
  emitter: (url) => {
    once('emitter', () => {
      emitter.on('tick', flush);
      return setInterval(() => emitter.emit('tick'), 10);
    });
    return queued(url);
  },
  /** These two start what goes on after their request; what it got is asked for later. */
  startChain: (url) => {
    const turn = () => see('chain', url).then(() => setTimeout(turn, 20));
    once('chain', () => setTimeout(turn, 20));
  },
  startLoop: (url) => {
    once('loop', async () => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await see('loop', url);
      }
    });
  },
  seenByChain: () => seen.chain,
  seenByLoop: () => seen.loop,
};

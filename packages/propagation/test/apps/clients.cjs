'use strict';

// The ways in which apps call others: each answers what the other service has got as baggage.
const http = require('node:http');
const { promisify } = require('node:util');

const oneSocket = new http.Agent({ keepAlive: true, maxSockets: 1 });
const sleep = promisify(setTimeout);
/** Of HTTP/2, for all calls; opened by the first. */
let session;

function read(url, options, done, failed) {
  const asked = http.request(url, { agent: oneSocket, ...options }, (response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => done(JSON.parse(text).baggage));
  });
  asked.on('error', failed);
  asked.end(options.body);
}
const get = (url, options = {}) => new Promise((done, failed) => read(url, options, done, failed));
const json = async (response) => (await response.json()).baggage;

module.exports = {
  http: (url) => get(url),
  agentless: (url) => get(url, { agent: false }),
  list: (url) => get(url, { headers: ['host', new URL(url).host, 'x-one', '1'] }),
  expect: (url) => get(url, { method: 'POST', headers: { expect: '100-continue', 'content-length': 2 }, body: 'ok' }),
  own: (url) => get(url, { headers: { baggage: 'a=1,b=2;c=3' } }),
  ownEnv: (url) => get(url, { headers: { baggage: 'berth-env=mine' } }),
  chained: (url) =>
    new Promise((done, failed) => read(url, {}, () => setImmediate(() => read(url, {}, done, failed)), failed)),
  timer: (url) => new Promise((done, failed) => setTimeout(() => read(url, {}, done, failed), 5)),
  slept: async (url) => {
    await sleep(5);
    return get(url);
  },
  leak: (url) => get(url, { headers: { baggage: 'a=1, berth-env=pa,b=2' } }),
  leakAll: (url) => get(url, { headers: ['host', 'h', 'baggage', 'berth-env=pa'] }),
  fetchLeak: async (url) => json(await fetch(url, { headers: { baggage: 'berth-env=pa' } })),
  fetch: async (url) => json(await fetch(url)),
  fetchOwn: async (url) => json(await fetch(url, { headers: { baggage: 'a=1' } })),
  fetchPost: async (url) => json(await fetch(url, { method: 'POST', body: 'ok' })),
  undici: async (url) => {
    const { request } = require('undici');
    return json((await request(url)).body);
  },
  esm: async (url) => (await import('./esm-client.mjs')).call(url),
  http2: (_url, { grpcPort }) =>
    new Promise((done, failed) => {
      session ??= require('node:http2').connect(`http://orders.internal:${grpcPort}`);
      const stream = session.request({ ':path': '/', ':method': 'POST' });
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => done(JSON.parse(text).baggage));
      stream.on('error', failed);
      stream.end('ping');
    }),
};

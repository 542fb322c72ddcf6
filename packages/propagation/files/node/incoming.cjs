'use strict';

const channels = require('node:diagnostics_channel');
const http = require('node:http');
const { bindEvents, enter, quietly } = require('./context.cjs');
const { readMark } = require('./mark.cjs');

// Requests that come in: HTTP/1, its upgrades (WebSocket), HTTP/2 (gRPC).

/** Clients on kept-alive connections send the same baggage again and again. */
let lastBaggage;
let lastMark;

function markOf(baggage) {
  if (baggage === lastBaggage) return lastMark;
  lastMark = readMark(baggage);
  lastBaggage = baggage;
  return lastMark;
}

/** `rawHeaders`, since `headers` is an object that would be made for our sake. */
function baggageOf(rawHeaders) {
  let baggage;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name.length !== 7 || (name !== 'baggage' && name.toLowerCase() !== 'baggage')) continue;
    baggage = baggage === undefined ? rawHeaders[at + 1] : `${baggage},${rawHeaders[at + 1]}`;
  }
  return baggage;
}

const bodyHeader = /^(?:content-length|transfer-encoding)$/i;

function hasBody(rawHeaders) {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const { length } = rawHeaders[at];
    if ((length === 14 || length === 17) && bodyHeader.test(rawHeaders[at])) return true;
  }
  return false;
}

const ownWork = Symbol('work');

/** One function for all: a listener of its own would be made for each request. */
function endWork() {
  this[ownWork].end();
}

function endWith(emitter, work) {
  emitter[ownWork] = work;
  emitter.on('close', endWork);
}

function onRequest({ request, response }) {
  const work = enter(markOf(baggageOf(request.rawHeaders)));
  if (!work) return;
  // Node.js 24: what comes in a later packet is emitted in the connection's context, not in the request's.
  if (hasBody(request.rawHeaders)) bindEvents(request, work);
  endWith(response, work);
}

/** Upgrades have no channel. The messages of a WebSocket are events of its socket. */
function onUpgrade(request, socket) {
  const work = enter(markOf(baggageOf(request.rawHeaders)));
  if (!work) return;
  bindEvents(socket, work);
  endWith(socket, work);
}

function onStream({ stream, headers }) {
  const work = enter(markOf(headers.baggage === undefined ? undefined : String(headers.baggage)));
  if (!work) return;
  bindEvents(stream, work);
  endWith(stream, work);
}

function install() {
  channels.subscribe('http.server.request.start', (message) => quietly(onRequest, message));
  channels.subscribe('http2.server.stream.start', (message) => quietly(onStream, message)); // Node.js 22 and newer
  const { emit } = http.Server.prototype;
  http.Server.prototype.emit = function emitMarked(event, ...args) {
    if (event === 'upgrade') quietly(onUpgrade, ...args);
    return emit.call(this, event, ...args);
  };
}

module.exports = { install };

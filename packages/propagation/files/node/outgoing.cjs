'use strict';

const channels = require('node:diagnostics_channel');
const http = require('node:http');
const { current, onFirstMark, quietly } = require('./context.cjs');
const { isOurs, withMark } = require('./mark.cjs');

// Requests that go out by node:http and node:https (axios, got, node-fetch, … are made of them) and by undici, of which
// the built-in fetch and WebSocket are one copy.

/** Headers as a flat list of names and values, with the mark among them. */
function addToList(list, mark) {
  const at = list.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'baggage');
  if (at < 0) list.push('baggage', mark);
  else list[at + 1] = withMark(list[at + 1], mark);
}

/** What is handed on to Node.js as this request's headers. */
function markedHeaders(request, headers, mark) {
  // The host that it connects to. The Host header says another one when the app calls a proxy, or what it pleases.
  if (!isOurs(request.host)) return headers;
  if (Array.isArray(headers) || !headers) {
    const list = (headers ?? []).flat();
    addToList(list, mark);
    return list;
  }
  request.setHeader('baggage', withMark(request.getHeader('baggage'), mark));
  return headers; // the very object that setHeader has changed
}

/**
 * `_storeHeader` is where every client request comes by with all that the app has set, whoever made it and however it was
 * imported. The diagnostics channels are too early (headers given as a list are missed, the app may set its own later) or
 * too late (the headers are sent).
 */
function markHttp() {
  const store = http.OutgoingMessage.prototype._storeHeader;
  http.ClientRequest.prototype._storeHeader = function storeMarkedHeader(firstLine, headers) {
    const mark = current();
    const marked = mark === undefined ? headers : (quietly(markedHeaders, this, headers, mark) ?? headers);
    return store.call(this, firstLine, marked);
  };
}

/** One channel for all copies of undici from 5 on. Headers are a string in 5, a flat list since 6. */
function onUndici({ request }) {
  const mark = current();
  if (mark === undefined || !isOurs(new URL(String(request.origin)).hostname)) return;
  if (typeof request.headers !== 'string') {
    addToList(request.headers, mark);
    return;
  }
  const [line, own] = /^baggage: (.*)\r\n/im.exec(request.headers) ?? [];
  if (line === undefined) request.addHeader('baggage', mark);
  else request.headers = request.headers.replace(line, () => `baggage: ${withMark(own, mark)}\r\n`);
}

function install() {
  markHttp();
  // So late that an OpenTelemetry SDK of the app has subscribed before: it writes its own header over one that is there.
  onFirstMark(() => channels.subscribe('undici:request:create', (message) => quietly(onUndici, message)));
}

module.exports = { install };

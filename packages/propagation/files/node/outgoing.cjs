'use strict';

const channels = require('node:diagnostics_channel');
const http = require('node:http');
const { current, hasMarks, onFirstMark, quietly } = require('./context.cjs');
const { baggageFor } = require('./mark.cjs');

// Requests that go out by node:http and node:https (axios, got, node-fetch, … are made of them) and by undici, of which
// the built-in fetch and WebSocket are one copy.

/** Where in a flat list of names and values the value of `baggage` is, or -1. */
const placeIn = (list) => list.findIndex((_, at) => at % 2 === 1 && String(list[at - 1]).toLowerCase() === 'baggage');

/** Changes a flat list of names and values. */
function setInList(list, host, mark) {
  const at = placeIn(list);
  const baggage = baggageFor(host, list[at], mark);
  if (at < 0 && baggage !== undefined) list.push('baggage', baggage);
  else if (at >= 0 && baggage !== undefined) list[at] = baggage;
  else if (at >= 0) list.splice(at - 1, 2);
}

/** What is handed on to Node.js as this request's headers. */
function markedHeaders(request, headers, mark) {
  // The host that it connects to. The Host header says another one when the app calls a proxy, or what it pleases.
  const { host } = request;
  if (Array.isArray(headers) || !headers) {
    const list = (headers ?? []).flat();
    setInList(list, host, mark);
    return list;
  }
  const own = request.getHeader('baggage');
  const baggage = baggageFor(host, own, mark);
  if (baggage !== undefined && baggage !== own) request.setHeader('baggage', baggage);
  else if (baggage === undefined && own !== undefined) request.removeHeader('baggage');
  return headers; // the very object that this has changed
}

/**
 * `_storeHeader` is where every client request comes by with all that the app has set, whoever made it and however it was
 * imported. The diagnostics channels are too early (headers given as a list are missed, the app may set its own later) or
 * too late (the headers are sent).
 */
function markHttp() {
  const store = http.OutgoingMessage.prototype._storeHeader;
  http.ClientRequest.prototype._storeHeader = function storeMarkedHeader(firstLine, headers) {
    const marked = hasMarks() ? (quietly(markedHeaders, this, headers, current()) ?? headers) : headers;
    return store.call(this, firstLine, marked);
  };
}

/** One channel for all copies of undici from 5 on. Headers are a string in 5, a flat list since 6. */
function onUndici({ request }) {
  const host = new URL(String(request.origin)).hostname;
  if (typeof request.headers !== 'string') {
    setInList(request.headers, host, current());
    return;
  }
  const [line, own] = /^baggage: (.*)\r\n/im.exec(request.headers) ?? [];
  const baggage = baggageFor(host, own, current());
  const wanted = baggage === undefined ? '' : `baggage: ${baggage}\r\n`;
  if (line !== undefined) request.headers = request.headers.replace(line, () => wanted);
  else if (baggage !== undefined) request.addHeader('baggage', baggage);
}

function install() {
  markHttp();
  // So late that an OpenTelemetry SDK of the app has subscribed before: it writes its own header over one that is there.
  onFirstMark(() => channels.subscribe('undici:request:create', (message) => quietly(onUndici, message)));
}

module.exports = { install };

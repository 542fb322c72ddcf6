'use strict';

const { current, hasMarks, quietly } = require('./context.cjs');
const { isGrpcJs } = require('./grpc.cjs');
const { baggageFor } = require('./mark.cjs');

// Requests that go out by node:http2. Those of @grpc/grpc-js have their mark already, see grpc.cjs.

/** The host that each session is connected to; `:authority` may say another one. */
const hostOf = new WeakMap();

function markedHeaders(session, headers, mark) {
  if (Array.isArray(headers)) return headers;
  const { baggage: own, ...others } = headers ?? {};
  const baggage = baggageFor(hostOf.get(session) ?? '', own, mark);
  return baggage === undefined ? others : { ...others, baggage };
}

/** The class of sessions is not exported: it is found by the first one. */
function markSessions(session) {
  const sessions = Object.getPrototypeOf(session);
  const { request } = sessions;
  sessions.request = function requestMarked(headers, ...more) {
    const mark = () => (isGrpcJs(headers) ? undefined : current());
    const marked = hasMarks() ? (quietly(() => markedHeaders(this, headers, mark())) ?? headers) : headers;
    return request.call(this, marked, ...more);
  };
}

function install(http2) {
  const { connect } = http2;
  let isMarked = false;
  http2.connect = function connectMarked(authority, ...more) {
    const session = connect.call(this, authority, ...more);
    quietly(() => {
      hostOf.set(session, new URL(String(authority)).hostname);
      if (isMarked) return;
      isMarked = true;
      markSessions(session);
    });
    return session;
  };
}

module.exports = { install };

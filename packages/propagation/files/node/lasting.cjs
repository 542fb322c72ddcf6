'use strict';

const Module = require('node:module');
const { Socket } = require('node:net');
const timers = require('node:timers');
const { currentWork, onFirstMark, runWithout } = require('./context.cjs');

// What a request starts and others use after it must not have its mark: connections of a pool, timers.

/**
 * Connections are opened without a mark: in a pool, what the first request opened calls the callbacks of all others.
 * They lose theirs then (the answer of a promise never does), instead of taking another's.
 */
function clearConnections() {
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function connectUnmarked(...args) {
    return currentWork() ? runWithout(() => connect.apply(this, args)) : connect.apply(this, args);
  };
  onFirstMark(() => {
    // TLS over a connection is a resource of its own, made before it connects.
    const { TLSSocket } = require('node:tls');
    const wrap = TLSSocket.prototype._wrapHandle;
    if (typeof wrap !== 'function') return;
    TLSSocket.prototype._wrapHandle = function wrapUnmarked(...args) {
      return currentWork() ? runWithout(() => wrap.apply(this, args)) : wrap.apply(this, args);
    };
  });
}

/** The same function to everybody who looks at it: its name, and what util.promisify finds on it. */
const alike = (made, original) => Object.defineProperties(made, Object.getOwnPropertyDescriptors(original));

/** A timer works under its request's mark until that is answered: what fires later is rarely that request's own. */
function endWithWork(setTimeout) {
  return alike(function setMarkedTimeout(body, ...args) {
    const work = currentWork();
    if (!work || typeof body !== 'function') return setTimeout(body, ...args);
    const fire = function (...given) {
      return work.isOver() ? runWithout(() => body.apply(this, given)) : body.apply(this, given);
    };
    return setTimeout(fire, ...args);
  }, setTimeout);
}

/** What is done again and again is done for all: never under the mark of who came first. */
function withoutMark(setInterval) {
  return alike(function setUnmarkedInterval(...args) {
    return currentWork() ? runWithout(() => setInterval(...args)) : setInterval(...args);
  }, setInterval);
}

function endTimers() {
  timers.setTimeout = globalThis.setTimeout = endWithWork(globalThis.setTimeout);
  timers.setInterval = globalThis.setInterval = withoutMark(globalThis.setInterval);
  Module.syncBuiltinESMExports();
}

function install() {
  clearConnections();
  endTimers();
}

module.exports = { install };

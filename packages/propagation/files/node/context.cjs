'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');

// Under which mark the code that runs now works. One Work per request (or job) that came with a mark; it ends with its
// answer. Without an end, whatever the first marked request happens to start (a loop, a watcher) would have its mark for ever.

/** Work that goes on after the answer (`res.end(); await fetch(…)`) keeps the mark so long, ms. */
const graceMs = 500;

class Work {
  constructor(mark) {
    this.mark = mark;
    this.overAt = 0;
  }

  end() {
    this.overAt ||= Date.now();
  }

  isOver() {
    return this.overAt !== 0;
  }
}

const storage = new AsyncLocalStorage();
const atFirstMark = [];
let isAwake = false;

/** Until the first mark comes nothing is entered and nothing slow is patched: an app that nobody marks pays nearly nothing. */
function onFirstMark(body) {
  atFirstMark.push(body);
}

function wake() {
  if (isAwake) return;
  isAwake = true;
  for (const body of atFirstMark) quietly(body);
}

/**
 * The rest of this asynchronous call works under `mark`; also without one it must be entered, since a kept-alive
 * connection is still under the mark of its last request.
 */
function enter(mark) {
  if (mark === undefined && !isAwake) return undefined;
  if (mark !== undefined) wake();
  const work = mark === undefined ? undefined : new Work(mark);
  storage.enterWith(work);
  return work;
}

/** Has any request ever come with a mark? */
const hasMarks = () => isAwake;

/** The Work, also when it is over; undefined when there is no mark. */
const currentWork = () => (isAwake ? storage.getStore() : undefined);

function current() {
  const work = currentWork();
  if (work === undefined) return undefined;
  return work.overAt === 0 || Date.now() - work.overAt < graceMs ? work.mark : undefined;
}

const runIn = (work, body) => storage.run(work, body);
const runWithout = (body) => storage.run(undefined, body);

/** Runs `body` under `mark`; when it returns a promise the Work ends with that. */
function runWith(mark, body) {
  if (mark === undefined || mark === null || mark === '') return isAwake ? runWithout(body) : body();
  wake();
  const work = new Work(mark);
  const result = storage.run(work, body);
  if (typeof result?.then === 'function')
    result.then(
      () => work.end(),
      () => work.end(),
    );
  else work.end();
  return result;
}

/** Every event of `emitter` works under `work`, from wherever it is emitted. */
function bindEvents(emitter, work) {
  const { emit } = emitter;
  emitter.emit = function emitInWork(...args) {
    return storage.run(work, () => emit.apply(this, args));
  };
}

function quietly(body, ...args) {
  try {
    return body(...args);
  } catch {
    return undefined;
  }
}

module.exports = {
  bindEvents,
  current,
  currentWork,
  enter,
  hasMarks,
  onFirstMark,
  quietly,
  runIn,
  runWith,
  runWithout,
};

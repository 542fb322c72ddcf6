'use strict';

// Loaded before the app (NODE_OPTIONS=--require=…): carries the environment's mark, the `berth-*` members of W3C `baggage`,
// from the request that a process works on to the requests that it makes for it. Nothing of the app is changed, no package
// is needed, and whatever goes wrong in here the app does not notice: the mark is lost then, which is allowed. A wrong mark
// is not. Made for Node.js 20, 22 and 24. In order: context (which mark is it), incoming, outgoing, lasting (what
// outlives a request must not keep its mark).

const once = Symbol.for('berth.propagate');

if (!globalThis[once]) {
  try {
    const { current, runWith } = require('./context.cjs');
    require('./incoming.cjs').install();
    require('./outgoing.cjs').install();
    require('./lasting.cjs').install();
    require('./packages.cjs').install();
    // For an app's own queues, and for tests: `current()` is what to keep, `run(mark, body)` works under it.
    globalThis[once] = { current, run: runWith };
  } catch {
    // An unknown Node.js: the app runs without.
  }
}

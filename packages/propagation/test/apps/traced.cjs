'use strict';

// An app that traces itself: an SDK with its usual propagators (traceparent and baggage) and instrumentations, set up before all else.
const { createRequire } = require('node:module');

const from = createRequire(process.env.OPENTELEMETRY);
const { NodeSDK } = from('@opentelemetry/sdk-node');
const { HttpInstrumentation } = from('@opentelemetry/instrumentation-http');
const { UndiciInstrumentation } = from('@opentelemetry/instrumentation-undici');

/** Spans go nowhere. */
const nowhere = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
new NodeSDK({
  spanProcessors: [nowhere],
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
}).start();

require('./app.cjs');

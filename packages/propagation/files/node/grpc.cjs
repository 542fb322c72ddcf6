'use strict';

const { current, hasMarks, quietly } = require('./context.cjs');
const { baggageFor } = require('./mark.cjs');

// Calls of @grpc/grpc-js. They wait for their channel, and go out together in the context of the call that opened it: only where the
// app makes a call it is known whose it is, so the mark is put into its metadata there.

/** `dns:orders.internal:50051`, `dns://resolver/orders.internal:50051`, `orders.internal:50051` */
const hostOf = (target) =>
  String(target)
    .replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*\/)?(?=[^/]*[a-z])/i, '')
    .replace(/:\d+$/, '');

function markedMetadata(client, metadata) {
  const own = metadata.get('baggage').map(String).join(',') || undefined;
  const baggage = baggageFor(hostOf(client.getChannel().getTarget()), own, current());
  if (baggage === own) return metadata;
  const marked = metadata.clone(); // the app may use its own for other calls
  if (baggage === undefined) marked.remove('baggage');
  else marked.set('baggage', baggage);
  return marked;
}

/** Every kind of call reads its arguments by one of these. */
const readers = ['checkOptionalUnaryResponseArguments', 'checkMetadataAndOptions'];

function install({ Client }) {
  for (const name of readers) {
    const read = Client.prototype[name];
    Client.prototype[name] = function readMarked(...args) {
      const call = read.apply(this, args);
      if (!hasMarks()) return call;
      return { ...call, metadata: quietly(markedMetadata, this, call.metadata) ?? call.metadata };
    };
  }
}

/** Whether a request of HTTP/2 is one of its calls. */
const isGrpcJs = (headers) => String(headers?.['user-agent'] ?? '').includes('grpc-node-js/');

module.exports = { install, isGrpcJs };

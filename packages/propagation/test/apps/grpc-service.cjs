'use strict';

// A gRPC service of one method that takes and gives text; no .proto file is needed for that.
const text = { serialize: (value) => Buffer.from(value), deserialize: (bytes) => bytes.toString() };

exports.Other = {
  ask: {
    path: '/other.Other/Ask',
    requestStream: false,
    responseStream: false,
    requestSerialize: text.serialize,
    requestDeserialize: text.deserialize,
    responseSerialize: text.serialize,
    responseDeserialize: text.deserialize,
  },
};

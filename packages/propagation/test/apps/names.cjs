'use strict';

// Loaded beside the propagator: every name is this machine, as if our DNS had answered.
const dns = require('node:dns');

const isName = (host) => /\.(internal|example)$/.test(host);
const { lookup } = dns;
dns.lookup = (host, options, done) => {
  const reply = done ?? options;
  if (!isName(host)) return done ? lookup(host, options, done) : lookup(host, reply);
  const answer = { address: '127.0.0.1', family: 4 };
  return options?.all
    ? process.nextTick(reply, null, [answer])
    : process.nextTick(reply, null, answer.address, answer.family);
};

// gRPC asks so.
const { lookup: lookUp } = dns.promises;
dns.promises.lookup = async (host, options) => {
  if (!isName(host)) return lookUp(host, options);
  const answer = { address: '127.0.0.1', family: 4 };
  return options?.all ? [answer] : answer;
};

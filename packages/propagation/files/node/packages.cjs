'use strict';

const Module = require('node:module');
const { quietly } = require('./context.cjs');

// Modules that are patched when the app loads them, and only then: node:http2 alone takes up to 60 ms to load.

const patches = [
  { isNamed: (name) => name === 'http2' || name === 'node:http2', file: './http2.cjs' },
  {
    // Also called with the file's path: for a CommonJS package that an ES module imports.
    isNamed: (name) => name === 'bullmq' || /[\\/]bullmq[\\/]dist[\\/]cjs[\\/]index\.js$/.test(name),
    file: './bullmq.cjs',
  },
  {
    isNamed: (name) => name === '@grpc/grpc-js' || /[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]index\.js$/.test(name),
    file: './grpc.cjs',
  },
];

function install() {
  const load = Module._load;
  const done = new WeakSet();
  Module._load = function loadPatched(name, ...more) {
    const loaded = load.call(this, name, ...more);
    const patch = typeof name === 'string' && patches.find(({ isNamed }) => isNamed(name));
    // An app may have several copies of a package: its own, and that of another package.
    if (patch && !done.has(loaded)) {
      done.add(loaded);
      quietly(() => require(patch.file).install(loaded));
    }
    return loaded;
  };
}

module.exports = { install };

'use strict';

const { quietly } = require('./context.cjs');
const { isShared, isOwn, ownPrefix, prefixOf, register } = require('./shared-redis.cjs');

// In a process of a project: its workers, and who listens for what becomes of jobs, on a Redis that is the base's too. They
// take the project's own queue in place of the base's.

/** Again and again, since another app of the project that worked the queue too may go, and some servers forget all when they end, ms. */
const registerEachMs = 10_000;

/** The same options with the project's own prefix; undefined where nothing is shared, or the app says a project's prefix itself. */
function ownOptions(options) {
  const prefix = prefixOf(options);
  return isShared(options) && !isOwn(prefix) ? { ...options, prefix: ownPrefix(prefix) } : undefined;
}

function keepRegistered(worker, prefix) {
  const registerNow = () => register(worker, prefix).catch(() => {});
  registerNow();
  const timer = setInterval(registerNow, registerEachMs);
  timer.unref();
  worker.once('closing', () => clearInterval(timer));
}

const ownWorkers = (Worker) =>
  new Proxy(Worker, {
    construct(target, [name, processor, options, ...more], made) {
      const own = quietly(ownOptions, options);
      const worker = Reflect.construct(target, [name, processor, own ?? options, ...more], made);
      if (own) quietly(keepRegistered, worker, prefixOf(options));
      return worker;
    },
  });

/** Those that hear of the project's own jobs as well. */
const hearsOwn = new WeakSet();

/** `other` hears, starts and ends with `events`. */
function join(events, other) {
  other.emit = (...args) => events.emit(...args);
  for (const name of ['waitUntilReady', 'run', 'close', 'disconnect']) {
    const own = events[name];
    events[name] = async (...args) => {
      const done = own.apply(events, args);
      await Promise.allSettled([done, quietly(() => other[name](...args))]);
      return done;
    };
  }
}

const ownEvents = (QueueEvents) =>
  new Proxy(QueueEvents, {
    construct(target, [name, options, ...more], made) {
      const events = Reflect.construct(target, [name, options, ...more], made);
      quietly(() => {
        const own = ownOptions(options);
        if (!own) return;
        join(events, Reflect.construct(target, [name, own, ...more]));
        hearsOwn.add(events);
      });
      return events;
    },
  });

/** A class is replaced where it is defined: the package's index only hands on what is there. */
function replace(loaded, name, make) {
  const original = loaded[name];
  const made = make(original);
  for (const { exports } of Object.values(require.cache)) {
    const property = Object(exports) === exports && Object.getOwnPropertyDescriptor(exports, name);
    if (property?.writable && property.value === original) exports[name] = made;
  }
}

function install(loaded) {
  replace(loaded, 'Worker', ownWorkers);
  replace(loaded, 'QueueEvents', ownEvents);
}

module.exports = { hearsOwn, install };

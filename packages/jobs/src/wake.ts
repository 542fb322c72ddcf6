import { EventEmitter } from 'node:events';
import { isDatabaseAway } from '@berth/db/database-away';
import type { Redis } from 'ioredis';
import { redisPrefix } from './queue.js';

/** Who waits for what. Topics carry no data: the woken side reads the row. */
export type WakeTopic =
  | 'routes'
  | 'instances'
  | 'sleep'
  | `build:${string}`
  | `release:${string}`
  | `rollout:${string}`
  | `app:${string}`
  | `environment:${string}`
  | `push:${string}`
  | `rebase:${string}`
  | `promotion:${string}`
  | `one-off:${string}`
  | `image:${string}`
  | 'registry'
  | 'disk';

function undefinedWhenAway(error: unknown): undefined {
  if (!isDatabaseAway(error)) throw error;
}

/**
 * "Something changed, look at the row": a Redis message after the commit wakes who waits; whoever waits also polls once
 * a second, so that a lost message costs a second and nothing else (DESIGN section 6, waking the other side).
 */
export class Wake {
  readonly #redis: Redis;
  readonly #channel: string;
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #subscriber: Redis;

  constructor(options: { redis: Redis; instance: string }) {
    this.#redis = options.redis;
    this.#channel = `${redisPrefix(options.instance)}:wake`;
    this.#subscriber = this.#subscribe();
  }

  /** Never fails: a poll covers what is not delivered. */
  async publish(topics: readonly WakeTopic[]): Promise<void> {
    await Promise.all(topics.map((topic) => this.#redis.publish(this.#channel, topic).catch(() => 0)));
  }

  /**
   * Resolves at the next message of one of the topics (true), after `timeoutMs` at the latest, or when `signal` is aborted.
   * With a timer of its own: Node 20 forgets an AbortSignal.timeout that only an AbortSignal.any refers to.
   */
  async wait(topics: readonly WakeTopic[], timeoutMs = 1_000, signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return false;
    return new Promise<boolean>((resolve) => {
      const end = (isWoken: boolean) => {
        clearTimeout(timer);
        for (const topic of topics) this.#emitter.off(topic, wake);
        signal?.removeEventListener('abort', stop);
        resolve(isWoken);
      };
      const wake = () => end(true);
      const stop = () => end(false);
      const timer = setTimeout(stop, timeoutMs);
      for (const topic of topics) this.#emitter.on(topic, wake);
      signal?.addEventListener('abort', stop);
    });
  }

  /**
   * Looks now, at each message of the topics and once a second, until `look` gives something; undefined when `signal` is
   * aborted. It listens before it looks: a message that comes while it reads the row is not lost. A database that is
   * away for a while (it restarts) has nothing to give.
   */
  async until<T>(
    topics: readonly WakeTopic[],
    look: () => Promise<T | undefined>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    while (!signal?.aborted) {
      const looked = new AbortController();
      const woken = this.wait(topics, 1_000, AbortSignal.any([looked.signal, ...(signal ? [signal] : [])]));
      try {
        const seen = await look().catch(undefinedWhenAway);
        if (seen !== undefined) return seen;
        await woken;
      } finally {
        looked.abort();
      }
    }
    return undefined;
  }

  #subscribe(): Redis {
    const subscriber = this.#redis.duplicate({ maxRetriesPerRequest: null });
    subscriber.on('error', () => {});
    subscriber.on('message', (_channel, topic: string) => this.#emitter.emit(topic));
    subscriber.subscribe(this.#channel).catch(() => {});
    return subscriber;
  }

  async close(): Promise<void> {
    this.#subscriber.disconnect(); // not quit(), which waits for a Redis that is away
  }
}

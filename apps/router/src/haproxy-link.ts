import type { Logger } from '@berth/daemon/logger';
import { TransientError } from '@berth/domain/errors';
import { countOldWorkers, reload } from '@berth/router/master-client';
import { routerPaths } from '@berth/router/router-settings';
import { Haproxy } from './haproxy.js';
import { OldWorkers } from './old-workers.js';

const retryRefusedMs = 60_000;

/** Finds HAProxy again whenever it was killed, restarted or reloaded. */
export class HaproxyLink {
  readonly #dir: string;
  readonly #logger: Logger;
  readonly old = new OldWorkers();
  #haproxy: Haproxy | undefined;
  #checkedAt = 0;
  #droppedLogs = 0;
  #refused: { fingerprint: string; at: number } | undefined;

  constructor(dir: string, logger: Logger) {
    this.#dir = dir;
    this.#logger = logger;
  }

  /** The worker that serves, or undefined while none answers. */
  async find(): Promise<Haproxy | undefined> {
    if (this.#haproxy && !(await this.#isAlive(this.#haproxy))) this.drop();
    if (this.#haproxy) return this.#haproxy;
    try {
      this.#haproxy = await Haproxy.open(this.#dir);
      this.#droppedLogs = 0;
      this.#logger.info({ servers: this.#haproxy.state.servers.length }, 'connected to HAProxy');
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
    }
    return this.#haproxy;
  }

  get isConnected(): boolean {
    return this.#haproxy?.isOpen ?? false;
  }

  drop(): void {
    this.#haproxy?.close();
    this.#haproxy = undefined;
  }

  /** A connection outlives a reload that was not ours, so once a second it is asked who is behind it. */
  async #isAlive(haproxy: Haproxy): Promise<boolean> {
    if (!haproxy.isOpen) return false;
    if (performance.now() - this.#checkedAt < 1_000) return true;
    this.#checkedAt = performance.now();
    try {
      const info = await haproxy.readInfo();
      if (info.droppedLogs > this.#droppedLogs)
        this.#logger.warn({ lines: info.droppedLogs - this.#droppedLogs }, 'HAProxy lost log lines');
      this.#droppedLogs = info.droppedLogs;
      return !info.isStopping;
    } catch (error) {
      if (error instanceof TransientError) return false;
      throw error;
    }
  }

  /**
   * Makes HAProxy load the configuration that was written. False: it refused it before and goes on with what it has; it is asked
   * again after a minute.
   */
  async reload(fingerprint: string): Promise<boolean> {
    const isKnownBad = this.#refused?.fingerprint === fingerprint;
    if (isKnownBad && performance.now() - (this.#refused?.at ?? 0) < retryRefusedMs) return false;
    const startedAt = performance.now();
    try {
      await reload(routerPaths(this.#dir).masterSocket);
    } catch (error) {
      if (error instanceof TransientError) throw error;
      this.#refused = { fingerprint, at: performance.now() };
      this.#logger.error({ err: error }, 'reload refused: the old configuration serves on');
      return false;
    }
    this.#logger.info({ fingerprint, ms: Math.round(performance.now() - startedAt) }, 'reloaded HAProxy');
    if (this.#haproxy) this.old.add(this.#haproxy);
    this.#haproxy = undefined;
    return true;
  }

  /** Whether there are old workers that we do not follow: of a reload before our own start. */
  async hasUnknownWorkers(): Promise<boolean> {
    return (await countOldWorkers(routerPaths(this.#dir).masterSocket)) > this.old.count;
  }

  close(): void {
    this.drop();
    this.old.close();
  }
}

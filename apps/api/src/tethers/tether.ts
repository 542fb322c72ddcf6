import { randomUUID } from 'node:crypto';
import type { Logger } from '@berth/daemon/logger';
import { UserError } from '@berth/domain/errors';
import type { TetherPlace } from '@berth/platform/tethers/find-tether-place';
import { heartbeatMs, type ServerMessage, silentMs } from '@berth/tunnel/messages';
import type { WebSocket } from 'ws';

/** How soon a right that was taken away, or an environment that is gone, ends the tether, ms. */
const checkEachMs = 10_000;

export interface TetherOptions {
  /** What the machine calls itself; it keeps the name when it comes back. */
  machine: string;
  userId: string;
  place: TetherPlace;
  /** The control WebSocket. */
  socket: WebSocket;
  /** Throws UserError when the person may not be connected any more. */
  check: () => Promise<void>;
  logger: Logger;
}

/** A person's machine that is connected to a project environment, with its streams. It ends with its control WebSocket. */
export class Tether {
  readonly id = randomUUID();
  readonly machine: string;
  readonly userId: string;
  readonly place: TetherPlace;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #streams = new Set<WebSocket>();

  constructor({ machine, userId, place, socket, check, logger }: TetherOptions) {
    this.machine = machine;
    this.userId = userId;
    this.place = place;
    this.#socket = socket;
    const timers = [this.#watchHeart(), this.#watchRight(check, logger)];
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        for (const timer of timers) clearInterval(timer);
        for (const stream of this.#streams) stream.terminate();
        resolve();
      });
    });
    const { name: environment, base, services } = place;
    this.#send({ type: 'hello', tether: this.id, environment, base, services });
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** The stream ends with the tether. */
  add(stream: WebSocket): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
  }

  /** Ends it for good, and says why. */
  end(message: string): void {
    this.#send({ type: 'end', message });
    this.#socket.close();
  }

  /** Ends it, for the machine to come back. */
  drop(): void {
    this.#socket.terminate();
  }

  #send(message: ServerMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** A machine that sleeps, or whose network is gone, does not say so. */
  #watchHeart(): NodeJS.Timeout {
    let seenAt = performance.now();
    this.#socket.on('pong', () => {
      seenAt = performance.now();
    });
    return setInterval(() => {
      if (performance.now() - seenAt > silentMs) this.#socket.terminate();
      else this.#socket.ping();
    }, heartbeatMs);
  }

  #watchRight(check: () => Promise<void>, logger: Logger): NodeJS.Timeout {
    return setInterval(() => {
      check().catch((error) => {
        if (error instanceof UserError) this.end(error.publicMessage);
        else logger.warn({ err: error }, 'check of a tether');
      });
    }, checkEachMs);
  }
}

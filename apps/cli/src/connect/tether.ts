import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerMessage, silentMs } from '@berth/tunnel/messages';
import { streamSocket } from '@berth/tunnel/stream-socket';
import type { WebSocket } from 'ws';
import { openSocket, Refused } from './open-socket.js';

type Hello = Extract<ServerMessage, { type: 'hello' }>;

/** ms between two tries to come back: longer each time. */
const retry = { firstMs: 500, longestMs: 5_000 };

interface TetherEvents {
  /** It is connected, for the first time or again. */
  up: [Hello];
  /** The connection broke; it is being made again. */
  down: [];
  /** It is over, and why. */
  end: [string];
}

/** Where a stream leads: to the internal router, to the server of databases, or to a Redis server by its name in config vars. */
export type StreamTarget = { to: 'router' } | { to: 'data' } | { to: 'redis'; host: string };

/** This machine's connection to an environment: made again whenever it breaks, until Berth says that it is over. */
export class Tether extends EventEmitter<TetherEvents> {
  readonly #path: string;
  readonly #answerers: ReadonlyMap<string, Server>;
  #control: WebSocket | undefined;
  #id: string | undefined;
  #isClosed = false;

  /**
   * @param environment `team` is for the name of a stable one that several teams have
   * @param answerers service → the server that answers for it on this machine, by connections that are put into it
   */
  constructor(
    { environment, team }: { environment: string; team: string | undefined },
    answerers: ReadonlyMap<string, Server>,
  ) {
    super();
    const query = new URLSearchParams({ machine: randomUUID(), ...(team === undefined ? {} : { team }) });
    for (const service of answerers.keys()) query.append('detour', service);
    this.#path = `/environments/${encodeURIComponent(environment)}/connect?${query}`;
    this.#answerers = answerers;
  }

  /** Connects. Throws what Berth says, or that it cannot be reached; from then on it is kept up. */
  async open(): Promise<Hello> {
    const hello = await this.#connect();
    this.emit('up', hello);
    return hello;
  }

  /** A connection into the environment. */
  async openStream(target: StreamTarget = { to: 'router' }): Promise<Duplex> {
    if (!this.#id) throw new Error('Berth cannot be reached at the moment.');
    return openSocket(`/tethers/${this.#id}/streams?${new URLSearchParams(target)}`, streamSocket);
  }

  close(): void {
    this.#isClosed = true;
    this.#control?.close();
  }

  #connect(): Promise<Hello> {
    return openSocket(this.#path, (control) => this.#follow(control));
  }

  /** Resolves with the first message. */
  #follow(control: WebSocket): Promise<Hello> {
    return new Promise((resolve, reject) => {
      let ending: string | undefined;
      const stopWatch = watchHeart(control);
      control.on('message', (data) => {
        const message = JSON.parse(String(data)) as ServerMessage;
        if (message.type === 'end') ending = message.message;
        if (message.type === 'open') void this.#answer(message);
        if (message.type !== 'hello') return;
        this.#control = control;
        this.#id = message.tether;
        resolve(message);
      });
      control.once('close', () => {
        stopWatch();
        if (this.#control !== control)
          return reject(ending === undefined ? new Error('Berth closed the connection.') : new Refused(ending));
        this.#id = undefined;
        if (this.#isClosed) return;
        if (ending !== undefined) this.emit('end', ending);
        else void this.#comeBack();
      });
    });
  }

  /** A stream that cannot be opened is missed by Berth in time. */
  async #answer({ stream, service }: Extract<ServerMessage, { type: 'open' }>): Promise<void> {
    const path = `/tethers/${this.#id}/streams/${stream}`;
    await openSocket(path, (socket) => {
      this.#answerers.get(service)?.emit('connection', streamSocket(socket));
    }).catch(() => {});
  }

  async #comeBack(): Promise<void> {
    this.emit('down');
    for (let ms = retry.firstMs; !this.#isClosed; ms = Math.min(retry.longestMs, ms * 2)) {
      await sleep(ms);
      try {
        this.emit('up', await this.#connect());
        return;
      } catch (error) {
        if (error instanceof Refused) {
          this.emit('end', error.message);
          return;
        }
      }
    }
  }
}

/** Berth says each few seconds that it is there: one that does not is not. The returned function ends the watch. */
function watchHeart(socket: WebSocket): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.terminate(), silentMs);
  };
  socket.on('ping', wait);
  wait();
  return () => clearTimeout(timer);
}

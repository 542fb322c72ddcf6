import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@berth/daemon/logger';
import { UserError } from '@berth/domain/errors';
import type { Detour } from '@berth/platform/tethers/begin-detours';
import type { TetherPlace } from '@berth/platform/tethers/find-tether-place';
import { heartbeatMs, type ServerMessage, silentMs } from '@berth/tunnel/messages';
import { NoRoom } from '@berth/tunnel/no-room';
import { streamAgent } from '@berth/tunnel/stream-agent';
import { streamSocket } from '@berth/tunnel/stream-socket';
import type { WebSocket } from 'ws';

/** How long a machine may take to open a stream that it is asked for, ms. */
const answersWithinMs = 10_000;
/** How long a machine that was told of the end may go on, ms. */
const goodbyeMs = 1_000;
/** Streams to one machine at a time: a page of many parts, asked for by some people at once, is far below. */
const callsMax = 100;
/** More than ever waits for a machine that reads, bytes. */
const unreadMax = 1024 * 1024;
/** How soon a right that was taken away, or an environment that is gone, ends the tether, ms. */
const checkEachMs = 10_000;

interface Asked {
  resolve: (stream: Duplex) => void;
  reject: (error: Error) => void;
}

export interface TetherOptions {
  /** What the machine calls itself; it keeps the name when it comes back. */
  machine: string;
  userId: string;
  place: TetherPlace;
  /** The control WebSocket. */
  socket: WebSocket;
  /** Services that the machine answers for. */
  detours: readonly Detour[];
  /** Throws UserError when the person may not be connected any more. */
  check: () => Promise<void>;
  /** Renews the detours; false: one is somebody else's by now. */
  renew: () => Promise<boolean>;
  /** Ends the detours. */
  leave: () => Promise<void>;
  logger: Logger;
}

/** A person's machine that is connected to a project environment, with its streams. It ends with its control WebSocket. */
export class Tether {
  readonly id = randomUUID();
  readonly machine: string;
  readonly userId: string;
  readonly place: TetherPlace;
  /** Resolves when it has ended, however that came, and its detours with it. */
  readonly ended: Promise<void>;
  /** Detour → HTTP connections to the machine. */
  readonly agents: ReadonlyMap<string, Agent>;
  readonly #socket: WebSocket;
  readonly #streams = new Set<WebSocket>();
  readonly #asked = new Map<string, Asked>();
  /** Streams to the machine that are open or asked for. */
  #calls = 0;

  constructor({ machine, userId, place, socket, detours, check, renew, leave, logger }: TetherOptions) {
    this.machine = machine;
    this.userId = userId;
    this.place = place;
    this.#socket = socket;
    this.agents = new Map(detours.map(({ id, service }) => [id, streamAgent(() => this.#call(service))]));
    endWhenUnread(socket);
    const timers = [this.#watchHeart(), this.#watchRight(check, logger)];
    if (detours.length > 0) timers.push(this.#keepDetours(renew, logger));
    const closed = new Promise<unknown>((resolve) => socket.once('close', resolve));
    this.ended = closed.then(async () => {
      for (const timer of timers) clearInterval(timer);
      for (const stream of this.#streams) stream.terminate();
      for (const { reject } of this.#asked.values()) reject(new Error('the machine has left'));
      await leave().catch((error) => logger.warn({ err: error }, 'detours of a tether')); // their lease ends
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
    endWhenUnread(stream);
    stream.once('close', () => this.#streams.delete(stream));
  }

  /** A stream that the machine was asked for. */
  take(id: string, stream: WebSocket): void {
    this.add(stream);
    const asked = this.#asked.get(id);
    if (asked) asked.resolve(streamSocket(stream));
    else stream.terminate();
  }

  /** Ends it for good, and says why. */
  end(message: string): void {
    this.#send({ type: 'end', message });
    this.#socket.close();
    setTimeout(() => this.#socket.terminate(), goodbyeMs); // of one that does not say goodbye
  }

  /** Ends it, for the machine to come back. */
  drop(): void {
    this.#socket.terminate();
  }

  /** A stream to the service on the machine, if it has room for one more. */
  async #call(service: string): Promise<Duplex> {
    // it is found until its detours have ended
    if (this.#socket.readyState !== this.#socket.OPEN) throw new Error('the machine has left');
    if (this.#calls >= callsMax) throw new NoRoom(`it has ${callsMax} connections open already`);
    this.#calls += 1;
    const end = () => {
      this.#calls -= 1;
    };
    try {
      const stream = await this.#ask(service);
      if (stream.destroyed) end();
      else stream.once('close', end);
      return stream;
    } catch (error) {
      end();
      throw error;
    }
  }

  async #ask(service: string): Promise<Duplex> {
    const stream = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const asked = new Promise<Duplex>((resolve, reject) => {
      this.#asked.set(stream, { resolve, reject });
      timer = setTimeout(() => reject(new Error('the machine does not answer')), answersWithinMs);
    });
    this.#send({ type: 'open', stream, service });
    return asked.finally(() => {
      clearTimeout(timer);
      this.#asked.delete(stream);
    });
  }

  #send(message: ServerMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** A machine that sleeps, or whose network is gone, does not say so. */
  #watchHeart(): NodeJS.Timeout {
    let seenAt = performance.now();
    let unanswered: string[] = [];
    this.#socket.on('pong', (data) => {
      const at = unanswered.indexOf(String(data));
      if (at < 0) return; // who does not read can say so much
      unanswered = unanswered.slice(at + 1);
      seenAt = performance.now();
    });
    return setInterval(() => {
      if (performance.now() - seenAt > silentMs) return this.#socket.terminate();
      const ping = randomUUID();
      unanswered.push(ping);
      this.#socket.ping(ping);
    }, heartbeatMs);
  }

  #keepDetours(renew: () => Promise<boolean>, logger: Logger): NodeJS.Timeout {
    return setInterval(() => {
      renew().then(
        (isOurs) => isOurs || this.drop(),
        (error) => logger.warn({ err: error }, 'detours of a tether'),
      );
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

/** Pings of a machine are answered at once: one that sends them and reads no answer fills this process's memory. */
function endWhenUnread(socket: WebSocket): void {
  socket.on('ping', () => {
    if (socket.bufferedAmount > unreadMax) socket.terminate();
  });
}

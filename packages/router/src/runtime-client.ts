import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { TransientError } from '@berth/domain/errors';

/** HAProxy understood a command and said no: severity 0 (emergency) to 4 (warning), as syslog numbers them. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly severity: number;

  constructor(command: string, severity: number, answer: string) {
    super(`${command.slice(0, 200)}: ${answer}`);
    this.severity = severity;
  }
}

interface Waiting {
  command: string;
  resolve: (answer: string) => void;
  reject: (error: Error) => void;
}

const promptMark = '\n> ';
/** HAProxy reads a command into one buffer of 16 KiB, with room to spare. */
const commandMax = 15_000;
const answerWithinMs = 10_000;

/**
 * One interactive connection to HAProxy's runtime API, with a queue: at 50 connections at once HAProxy starts refusing them,
 * and each costs more than a command. Source: HAProxy 3.0 management guide, section 9.3 (`prompt`, `set severity-output`).
 */
export class RuntimeClient {
  readonly #socket: Socket;
  readonly #queue: Waiting[] = [];
  #answer = '';
  #error: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('timeout', () => this.#fail(new Error('no answer')));
    socket.on('close', () => this.#fail(new Error('connection closed')));
  }

  /** Throws TransientError when nobody listens. */
  static async open(path: string): Promise<RuntimeClient> {
    const socket = connect(path);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(answerWithinMs) });
    } catch (error) {
      socket.destroy();
      throw new TransientError(`HAProxy at ${path} does not answer`, { cause: error });
    }
    const client = new RuntimeClient(socket);
    await client.run('prompt');
    await client.run('set severity-output number');
    return client;
  }

  get isOpen(): boolean {
    return this.#error === undefined;
  }

  /**
   * Sends one command, with a payload of several lines if given, and returns its answer.
   * Throws {@link CommandRefused}, or TransientError when the connection is gone (HAProxy restarted).
   */
  run(command: string, payload?: string): Promise<string> {
    if (command.includes('\n')) throw new Error('A command has one line');
    const text = payload === undefined ? `${command}\n` : `${command} <<\n${payload.trimEnd()}\n\n`;
    if (text.length > commandMax) throw new Error(`Command of ${text.length} characters is too long for HAProxy`);
    return new Promise((resolve, reject) => {
      if (this.#error) return reject(this.#gone());
      this.#queue.push({ command, resolve, reject });
      this.#socket.write(text);
      this.#socket.setTimeout(answerWithinMs);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#answer += text;
    for (;;) {
      const end = this.#answer.indexOf(promptMark);
      if (end < 0) return;
      const answer = this.#answer.slice(0, end).trim();
      this.#answer = this.#answer.slice(end + promptMark.length);
      this.#settle(answer);
    }
  }

  #settle(answer: string): void {
    const waiting = this.#queue.shift();
    if (this.#queue.length === 0) this.#socket.setTimeout(0);
    const severity = Number(/^\[(\d)\]: /.exec(answer)?.[1] ?? 6);
    if (severity <= 4) waiting?.reject(new CommandRefused(waiting.command, severity, answer));
    else waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
    for (const waiting of this.#queue.splice(0)) waiting.reject(this.#gone());
  }

  #gone(): TransientError {
    return new TransientError('The connection to HAProxy is gone', { cause: this.#error });
  }
}

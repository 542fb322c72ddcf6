import type { EventStream } from './sse.js';

/** Sends a snapshot only when it is not the one that was sent last under its name. */
export class SnapshotSender {
  readonly #stream: EventStream;
  readonly #sent = new Map<string, string>();

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  async send(event: string, snapshot: unknown): Promise<void> {
    const data = JSON.stringify(snapshot);
    if (this.#sent.get(event) === data) return;
    this.#sent.set(event, data);
    await this.#stream.send({ event, data });
  }
}

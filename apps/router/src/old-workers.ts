import { TransientError } from '@berth/domain/errors';
import { isSlot } from '@berth/router/slots';
import type { Haproxy } from './haproxy.js';

/** Its own connection to us is the last job of a worker that is done. */
const ownJobs = 1;

/**
 * After a reload the old worker ends the requests and tunnels that it has; nothing new comes to it. They are counted here, so
 * that a server which it still uses is not taken for drained, and are cut with their server.
 */
export class OldWorkers {
  #workers: Haproxy[] = [];

  add(worker: Haproxy): void {
    this.#workers.push(worker);
  }

  get count(): number {
    return this.#workers.length;
  }

  /**
   * Requests and tunnels that are open in old workers, by instance.
   * @param isOver of an instance that is to have none any more: what it has there is ended
   */
  async countOpen(isOver: (instanceId: string) => boolean): Promise<ReadonlyMap<string, number>> {
    const open = new Map<string, number>();
    for (const worker of [...this.#workers]) {
      try {
        await worker.look(worker.slotsInUse);
        const { servers } = worker.state;
        for (const { name, open: count } of servers) open.set(name, (open.get(name) ?? 0) + count);
        const over = servers.filter((server) => server.open > 0 && isSlot(server.slot) && isOver(server.name));
        if (over.length > 0) await worker.endSessions(new Set(over.map(({ name }) => name)));
        const { jobs } = await worker.readInfo();
        if (jobs <= ownJobs) this.#forget(worker);
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        this.#forget(worker); // it has ended
      }
    }
    return open;
  }

  #forget(worker: Haproxy): void {
    worker.close();
    this.#workers = this.#workers.filter((other) => other !== worker);
  }

  close(): void {
    for (const worker of this.#workers) this.#forget(worker);
  }
}

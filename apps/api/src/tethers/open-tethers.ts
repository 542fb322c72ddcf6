import type { Agent } from 'node:http';
import { notFound, UserError } from '@berth/domain/errors';
import type { Tether } from './tether.js';

/** Machines that one person may have connected at once, and streams of all of them together. */
const machinesMax = 10;
const streamsMax = 200;

/** The machines that are connected to this process now. */
export class OpenTethers {
  readonly #open = new Map<string, Tether>();
  /** By person: machines that are being let in. */
  readonly #coming = new Map<string, number>();

  /**
   * Lets one more machine of a person in, with the tether that `open` makes (undefined: it left meanwhile). A machine that comes back
   * before its loss was noticed takes the place of itself. `rate_limited`: there are as many as there may be.
   */
  async admit(
    { machine, userId }: { machine: string; userId: string },
    open: () => Promise<Tether | undefined>,
  ): Promise<void> {
    const before = this.#of(userId).find((tether) => tether.machine === machine);
    before?.drop();
    await before?.ended;
    const coming = this.#coming.get(userId) ?? 0;
    if (this.#of(userId).length + coming >= machinesMax)
      throw new UserError('rate_limited', `You have ${machinesMax} machines connected already: end some.`);
    this.#coming.set(userId, coming + 1);
    try {
      const tether = await open();
      if (!tether) return;
      this.#open.set(tether.id, tether);
      void tether.ended.then(() => this.#open.delete(tether.id));
    } finally {
      const left = (this.#coming.get(userId) ?? 1) - 1;
      if (left > 0) this.#coming.set(userId, left);
      else this.#coming.delete(userId);
    }
  }

  /** A person's own. Anybody else's is not found. */
  find({ id, userId }: { id: string; userId: string }): Tether {
    const found = this.#open.get(id);
    if (!found || found.userId !== userId) throw notFound('tether', id);
    return found;
  }

  /** The same, when the person may open one more stream. */
  findForStream(of: { id: string; userId: string }): Tether {
    const found = this.find(of);
    const streams = this.#of(of.userId).reduce((sum, { streamCount }) => sum + streamCount, 0);
    if (streams >= streamsMax)
      throw new UserError('rate_limited', `You have ${streamsMax} connections through Berth open already: close some.`);
    return found;
  }

  /** The way to the machine that answers for a detour; undefined: it has left. */
  agentOf(detourId: string): Agent | undefined {
    for (const { agents } of this.#open.values()) if (agents.has(detourId)) return agents.get(detourId);
    return undefined;
  }

  /** The process stops: machines come back to the next one. */
  async dropAll(): Promise<void> {
    for (const tether of this.#open.values()) tether.drop();
    await Promise.all([...this.#open.values()].map(({ ended }) => ended));
  }

  #of(userId: string): Tether[] {
    return [...this.#open.values()].filter((tether) => tether.userId === userId);
  }
}

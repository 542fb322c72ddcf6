import { notFound, UserError } from '@berth/domain/errors';
import { Tether, type TetherOptions } from './tether.js';

/** Machines that one person may have connected at once, and streams of all of them together. */
const machinesMax = 10;
const streamsMax = 200;

/** The machines that are connected to this process now. */
export class OpenTethers {
  readonly #open = new Map<string, Tether>();

  /** A machine that comes back before its loss was noticed takes the place of itself. Undefined: it left again meanwhile. */
  async open(options: TetherOptions): Promise<Tether | undefined> {
    const before = this.#of(options.userId).find(({ machine }) => machine === options.machine);
    before?.drop();
    await before?.ended;
    if (this.#of(options.userId).length >= machinesMax)
      throw new UserError('rate_limited', `You have ${machinesMax} machines connected already: end some.`);
    if (options.socket.readyState !== options.socket.OPEN) return undefined;
    const tether = new Tether(options);
    this.#open.set(tether.id, tether);
    void tether.ended.then(() => this.#open.delete(tether.id));
    return tether;
  }

  /** A person's own, when it may have one more stream. Anybody else's is not found. */
  findForStream({ id, userId }: { id: string; userId: string }): Tether {
    const found = this.#open.get(id);
    if (!found || found.userId !== userId) throw notFound('tether', id);
    const streams = this.#of(userId).reduce((sum, { streamCount }) => sum + streamCount, 0);
    if (streams >= streamsMax)
      throw new UserError('rate_limited', `You have ${streamsMax} connections through Berth open already: close some.`);
    return found;
  }

  /** The process stops: machines come back to the next one. */
  dropAll(): void {
    for (const tether of this.#open.values()) tether.drop();
  }

  #of(userId: string): Tether[] {
    return [...this.#open.values()].filter((tether) => tether.userId === userId);
  }
}

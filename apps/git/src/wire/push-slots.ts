import { UserError } from '@berth/domain/errors';

/** Bounds how many pushes are received or followed at the same time. */
export class PushSlots {
  #free: number;

  constructor(max: number) {
    this.#free = max;
  }

  /** Runs `body` in a slot; UserError when there is none. */
  async use<T>(body: () => Promise<T>): Promise<T> {
    if (this.#free === 0) throw new UserError('rate_limited', 'Too many pushes at this moment: try again in a minute.');
    this.#free -= 1;
    try {
      return await body();
    } finally {
      this.#free += 1;
    }
  }
}

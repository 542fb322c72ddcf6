import { UserError } from '@berth/domain/errors';
import type { ShellOwner } from '@berth/platform/shells/redeem-shell';

/**
 * Of the host's 100 terminals, which the attached one-offs of a team (40 at the most) have, too: no team has all of them, and nobody
 * all of the team's.
 */
const teamMax = 30;
const personMax = 10;

/** The shells that are open or being opened. */
export class OpenShells {
  readonly #open = new Set<ShellOwner>();

  /** One more; the answer takes it back. `rate_limited`: the person, or the team, has as many as they may. */
  add(owner: Readonly<ShellOwner>): () => void {
    if (this.#count(({ userId }) => userId === owner.userId) >= personMax)
      throw new UserError('rate_limited', `You have ${personMax} shells open already: close one and try again.`);
    if (this.#count(({ teamId }) => teamId === owner.teamId) >= teamMax)
      throw new UserError('rate_limited', `Your team has ${teamMax} shells open already: close one and try again.`);
    const one = { ...owner };
    this.#open.add(one);
    return () => void this.#open.delete(one);
  }

  #count(isOne: (owner: ShellOwner) => boolean): number {
    return [...this.#open].filter(isOne).length;
  }
}

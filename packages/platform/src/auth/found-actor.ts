import type { Actor } from '../actor.js';

/** Who stands behind a credential. */
export interface FoundActor extends Actor {
  email: string;
  name: string;
}

export const toActor = (user: { id: string; email: string; name: string }): FoundActor => ({
  userId: user.id,
  email: user.email,
  name: user.name,
});

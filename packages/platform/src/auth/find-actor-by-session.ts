import type { FoundActor } from './found-actor.js';
import type { Auth } from './open-auth.js';

/** Who is signed in with this request's cookie. `platform` is not read: the session belongs to `auth`. */
export async function findActorBySession(
  _platform: unknown,
  { auth, headers }: { auth: Auth; headers: Headers },
): Promise<FoundActor | undefined> {
  return auth.findSession(headers);
}

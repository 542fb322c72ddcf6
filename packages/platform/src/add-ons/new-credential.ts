import { randomBytes } from 'node:crypto';
import type { SecretBox } from '../secrets/secret-box.js';

/** A role that may sign in to an add-on, with a random password; base64url, so that an address needs no escapes. */
export function newCredential(secrets: SecretBox, { database, generation }: { database: string; generation: number }) {
  const password = secrets.seal(randomBytes(24).toString('base64url'));
  return { generation, user: `${database.replace(/^d_/, 'u_')}_${generation}`, password };
}

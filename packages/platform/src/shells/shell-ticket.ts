import { z } from 'zod';
import type { Platform } from '../platform.js';
import { openSecretBox } from '../secrets/secret-box.js';

/** What a ticket says: who may open a shell where. */
const ticket = z.object({
  actor: z.union([
    z.object({ userId: z.string(), sshKeyId: z.string() }),
    z.object({ userId: z.string(), tokenId: z.string() }),
  ]),
  appId: z.string(),
  /** `web.1`; undefined: the first there is. */
  process: z.string().optional(),
  /** ms since 1970 */
  expiresAt: z.number(),
});

/** From the door to the releaser it is one step. */
const livesMs = 30_000;

/** Between two of our processes: sealed with a key that only they have, and for this purpose alone. */
const boxOf = ({ secrets }: Platform) => openSecretBox(secrets.deriveKey('shell'));

export function sealTicket(platform: Platform, about: Omit<z.infer<typeof ticket>, 'expiresAt'>): string {
  return boxOf(platform).seal(JSON.stringify({ ...about, expiresAt: Date.now() + livesMs }));
}

/** Undefined for what is no ticket of ours, or too old. */
export function openTicket(platform: Platform, sealed: string): z.infer<typeof ticket> | undefined {
  try {
    const found = ticket.parse(JSON.parse(boxOf(platform).open(sealed)));
    return found.expiresAt > Date.now() ? found : undefined;
  } catch {
    return undefined;
  }
}

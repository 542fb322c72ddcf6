import type { Platform } from '../platform.js';
import { hashSecret } from '../secrets/random-secret.js';

/** The attached one-off that a secret opens: one that still waits for somebody. */
export async function findAttached({ db }: Platform, { secret }: { secret: string }): Promise<string | undefined> {
  const found = await db.oneOff.findFirst({
    where: { secretHash: hashSecret(secret), status: 'pending' },
    select: { id: true },
  });
  return found?.id;
}

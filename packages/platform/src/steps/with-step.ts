import type { Db, Tx } from '@berth/db/client';
import { publicError } from '@berth/domain/errors';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import type { StepOwner } from './end-open-steps.js';

const appOf = { select: { appId: true } };

/**
 * Runs one named part of a build, release or rollout and records it: the progress that people see.
 * What `body` throws is recorded as its public sentence and thrown on.
 * @param options `writtenFirst`: nothing is run before it is known to have begun under this lease, for what is never to run twice
 */
export async function withStep<T>(
  platform: Platform,
  owner: StepOwner,
  name: string,
  body: () => Promise<T>,
  { writtenFirst }: { writtenFirst?: Lease } = {},
): Promise<T> {
  // Else the row is written while the body runs already: a push waits for neither.
  const create = (db: Db | Tx) =>
    db.step.create({
      data: { ...owner, name },
      select: { id: true, build: appOf, release: appOf, rollout: appOf },
    });
  const createUnder = (lease: Lease) =>
    transaction(platform, async (tx) => {
      await assertLease(tx, lease);
      return create(tx);
    });
  const created = writtenFirst ? createUnder(writtenFirst) : create(platform.db);
  const wake = async () => {
    const { build, release, rollout } = await created;
    const appId = (build ?? release ?? rollout)?.appId;
    if (appId) await platform.wake.publish([`app:${appId}`]);
  };
  const end = async (errorMessage: (stepId: string) => string | null) => {
    const { id } = await created;
    // Only an open step: cancel may have ended it already, and its word stands.
    await platform.db.step.updateMany({
      where: { id, endedAt: null },
      data: { endedAt: new Date(), errorMessage: errorMessage(id) },
    });
    void wake();
  };
  wake().catch(() => {}); // `end` says it
  if (writtenFirst) await created;
  try {
    const result = await body();
    await end(() => null);
    return result;
  } catch (error) {
    await end((id) => publicError(error, `err_${id}`).message).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

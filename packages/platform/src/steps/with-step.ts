import { publicError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';
import type { StepOwner } from './end-open-steps.js';

const appOf = { select: { appId: true } };

/**
 * Runs one named part of a build, release or rollout and records it: the progress that people see.
 * What `body` throws is recorded as its public sentence and thrown on.
 */
export async function withStep<T>(
  platform: Platform,
  owner: StepOwner,
  name: string,
  body: () => Promise<T>,
): Promise<T> {
  const step = await platform.db.step.create({
    data: { ...owner, name },
    select: { id: true, build: appOf, release: appOf, rollout: appOf },
  });
  const appId = (step.build ?? step.release ?? step.rollout)?.appId;
  const wake = () => (appId ? platform.wake.publish([`app:${appId}`]) : undefined);
  const end = async (errorMessage: string | null) => {
    // Only an open step: cancel may have ended it already, and its word stands.
    await platform.db.step.updateMany({
      where: { id: step.id, endedAt: null },
      data: { endedAt: new Date(), errorMessage },
    });
    void wake();
  };
  void wake();
  try {
    const result = await body();
    await end(null);
    return result;
  } catch (error) {
    await end(publicError(error, `err_${step.id}`).message).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

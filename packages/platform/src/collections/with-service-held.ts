import { keepLease } from '@berth/jobs/keep-lease';
import { acquireLease, type Lease, releaseLease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { deletionKey } from '../registry/enter-registry.js';

/** One collection works at a time (its job's lease): the next try has what a killed one held. */
const holder = 'collection';
/** How soon the leases of a killed process run out, ms. */
const defaultTtlMs = 30_000;
/** How long the pushes under way are waited for: an image that a person has pushed, a rebase, an SBOM, ms. */
const pushesWaitMs = 30_000;

/**
 * Runs `body` while no build of the service runs and nobody else writes to its image repository, so that nothing pushes the very
 * image that is being deleted. What comes meanwhile waits. False, without running it, when a build runs now or a push does not end.
 * The signal is aborted when a lease was lost: nothing may be deleted from then on.
 */
export async function withServiceHeld(
  platform: Platform,
  { repositoryId, apps }: { repositoryId: string; apps: readonly { id: string }[] },
  body: (signal: AbortSignal) => Promise<void>,
  { ttlMs = defaultTtlMs } = {},
): Promise<boolean> {
  const { db, wake } = platform;
  const held: { lease: Lease; renewal: { stop: () => void } }[] = [];
  const lost = new AbortController();
  const keep = (lease: Lease | undefined): boolean => {
    if (lease) held.push({ lease, renewal: keepLease(db, lease, ttlMs, (error) => lost.abort(error)) });
    return lease !== undefined;
  };
  try {
    for (const { id } of apps.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
      if (!keep(await acquireLease(db, `build:${id}`, holder, ttlMs, { isSuccessor: true }))) return false; // overlapKey of build.run
    if (!keep(await closeToPushes(platform, { repository: `app/${repositoryId}`, ttlMs }))) return false;
    if (!(await pushesEnded(platform, { repository: `app/${repositoryId}` }))) return false;
    lost.signal.throwIfAborted();
    await body(lost.signal);
    return true;
  } finally {
    for (const { lease, renewal } of held) {
      renewal.stop();
      await releaseLease(db, lease).catch(() => {}); // else it runs out by itself
    }
    await wake.publish(['registry']);
  }
}

/** The lock of `enterRegistry`: a push that begins now sees the lease, or has its row by then. */
function closeToPushes(
  platform: Platform,
  { repository, ttlMs }: { repository: string; ttlMs: number },
): Promise<Lease | undefined> {
  return transaction(platform, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('berth.registry'))::text`;
    return acquireLease(tx, deletionKey(repository), holder, ttlMs, { isSuccessor: true });
  });
}

async function pushesEnded({ db, wake }: Platform, { repository }: { repository: string }): Promise<boolean> {
  const look = async () => {
    const expiresAt = { gt: new Date() };
    return (await db.registryPush.count({ where: { repository, expiresAt } })) === 0 ? true : undefined;
  };
  return (await wake.until(['registry'], look, AbortSignal.timeout(pushesWaitMs))) === true;
}

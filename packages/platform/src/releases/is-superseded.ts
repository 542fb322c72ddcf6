import type { Tx } from '@berth/db/client';
import type { ReleaseStatus } from '@berth/domain/status';

/** A release with one of these still counts: it serves, or it may. */
export const counts = ['pending', 'running', 'succeeded'] as const satisfies ReleaseStatus[];

/**
 * Newest wins (DESIGN section 6): a release is superseded by a later release of its app that has not failed; and one
 * that answers a push also by a later accepted push or rollback, whose release may not be there yet.
 */
export async function isSuperseded(
  tx: Tx,
  release: { appId: string; version: number; accepted: number; pushId: string | null },
): Promise<boolean> {
  const { appId, version, accepted, pushId } = release;
  if (pushId) {
    const { lastAccepted } = await tx.app.findUniqueOrThrow({ where: { id: appId }, select: { lastAccepted: true } });
    if (lastAccepted > accepted) return true;
  }
  const newer = await tx.release.findFirst({
    where: { appId, version: { gt: version }, status: { in: counts } },
    select: { id: true },
  });
  return newer !== null;
}

/** The newest release that has not failed, pending ones included: what a config change takes its image from. */
export function findNewest(tx: Tx, appId: string) {
  return tx.release.findFirst({ where: { appId, status: { in: counts } }, orderBy: { version: 'desc' } });
}

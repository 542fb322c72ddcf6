import type { Tx } from '@berth/db/client';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { lockApp } from '../lock-app.js';

/** A release as it is while its app is locked, for who holds the lease of its job; undefined when it is gone with its app. */
export async function lockRelease(tx: Tx, { releaseId, lease }: { releaseId: string; lease: Lease }) {
  await assertLease(tx, lease);
  const found = await tx.release.findUnique({ where: { id: releaseId }, select: { appId: true } });
  if (!found) return undefined;
  const app = await lockApp(tx, found.appId);
  return { app, release: await tx.release.findUniqueOrThrow({ where: { id: releaseId } }) };
}

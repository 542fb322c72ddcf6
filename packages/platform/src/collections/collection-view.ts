import type { Collection, CollectionReason } from '@berth/db/generated/client';
import type { CollectionStatus } from '@berth/domain/status';

/** One kind of thing that a collection removes (or would). */
export interface CollectedItem {
  kind: string;
  name: string;
  team: string | null;
  app: string | null;
  bytes: number;
}

export interface CollectionView {
  id: string;
  reason: CollectionReason;
  dryRun: boolean;
  status: CollectionStatus;
  /** The largest first; null until it is planned. */
  items: CollectedItem[] | null;
  /** What it freed, or would free. */
  freedBytes: number | null;
  /** How long pushes waited, ms; null when there was no window. */
  windowMs: number | null;
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

export function toCollectionView(row: Collection): CollectionView {
  const { id, reason, dryRun, status, plan, freedBytes, windowBeganAt, windowEndedAt, errorMessage } = row;
  const { createdAt, startedAt, endedAt } = row;
  return {
    ...{ id, reason, dryRun, status, createdAt, startedAt, endedAt },
    items: plan as CollectedItem[] | null,
    freedBytes: freedBytes === null ? null : Number(freedBytes),
    windowMs: windowBeganAt && windowEndedAt ? windowEndedAt.getTime() - windowBeganAt.getTime() : null,
    error: errorMessage,
  };
}

import type { LedgerEntry } from '@berth/domain/disk-ledger';
import type { CollectionView } from '@berth/platform/collections/get-collection';
import type { getLedger } from '@berth/platform/disk/get-ledger';
import type { Retention } from '@berth/platform/disk/set-retention';

/** What fills the disk; sizes are bytes, the largest entry first. */
export function toWireLedger(ledger: Awaited<ReturnType<typeof getLedger>>) {
  return {
    entries: ledger.entries.map(toWireEntry),
    free_bytes: ledger.freeBytes,
    measured_at: ledger.measuredAt,
    reclaimable_bytes: ledger.reclaimableBytes,
    total_bytes: ledger.totalBytes,
    used_bytes: ledger.usedBytes,
  };
}

function toWireEntry({ kind, name, team, app, reason, bytes, sharedBytes, sharers, isOver, within }: LedgerEntry) {
  return { app, bytes, kind, name, over: isOver, reason, shared_bytes: sharedBytes, sharers, team, within };
}

/** One clean: what it removed (or, as a dry run, would remove). */
export function toWireCollection(collection: CollectionView) {
  return {
    created_at: collection.createdAt,
    dry_run: collection.dryRun,
    ended_at: collection.endedAt,
    failure: collection.error,
    freed_bytes: collection.freedBytes,
    id: collection.id,
    items: collection.items,
    reason: collection.reason,
    started_at: collection.startedAt,
    status: collection.status,
    window_ms: collection.windowMs,
  };
}

export function toWireRetention({ environment, keptReleases, keptDays, keptLines }: Retention) {
  const kept = { kept_days: keptDays, kept_lines: keptLines, kept_releases: keptReleases };
  return { environment: { name: environment }, ...kept };
}

import type { RebaseDetail, RebaseView } from '@berth/platform/rebases/rebase-view';

/** Ours: a rebase without its apps. */
export function toWireRebase(rebase: RebaseView) {
  const { wish } = rebase;
  return {
    id: rebase.id,
    status: rebase.status,
    dry_run: rebase.dryRun,
    stack: wish.stack ?? null,
    runtime: wish.runtime ?? null,
    apps_asked: wish.apps ?? null,
    environment: wish.environment ?? null,
    team: wish.team ?? null,
    wave_size: rebase.waveSize,
    user: rebase.user,
    failure: rebase.error,
    counts: rebase.counts,
    created_at: rebase.createdAt,
    started_at: rebase.startedAt,
    planned_at: rebase.plannedAt,
    ended_at: rebase.endedAt,
  };
}

/** With each app's part in it, and once per pair of bases the Debian packages that differ. */
export function toWireRebaseDetail(rebase: RebaseDetail) {
  return {
    ...toWireRebase(rebase),
    apps: rebase.apps.map(({ app, wave, status, message, changes, from, to, release }) => ({
      app,
      wave: wave + 1,
      status,
      message,
      stack: changes.stack ?? null,
      runtime: changes.runtime ?? null,
      image: { from: from.digest, to: to?.digest ?? null },
      release,
    })),
    moves: rebase.moves,
  };
}

/**
 * One table per noun says every legal move of its status; nothing else lists statuses.
 * Terminal means no way out in the table. Writing a status is compare-and-set, in packages/platform's move-*.ts.
 */
export function statusTable<const T extends { [S in keyof T]: readonly (keyof T)[] }>(moves: T) {
  type Status = keyof T & string;
  const all = Object.keys(moves) as Status[];
  return {
    all,
    isTerminal: (status: Status): boolean => moves[status].length === 0,
    /** The statuses from which `to` may be reached: the `where` of a compare-and-set. */
    mayMoveTo: (to: Status): Status[] => all.filter((from) => (moves[from] as readonly Status[]).includes(to)),
  };
}

export const buildStatus = statusTable({
  pending: ['running', 'cancelled', 'superseded', 'failed'],
  running: ['succeeded', 'failed', 'cancelled', 'superseded'],
  succeeded: [],
  failed: [],
  cancelled: [],
  superseded: [],
});
export type BuildStatus = (typeof buildStatus.all)[number];

export const releaseStatus = statusTable({
  pending: ['running', 'failed', 'cancelled', 'superseded', 'succeeded'],
  running: ['succeeded', 'failed', 'cancelled', 'superseded'],
  succeeded: [],
  failed: [],
  cancelled: [],
  superseded: [],
});
export type ReleaseStatus = (typeof releaseStatus.all)[number];

export const rolloutStatus = statusTable({
  pending: ['running', 'failed', 'cancelled', 'superseded'],
  running: ['succeeded', 'failed', 'cancelled', 'superseded'],
  succeeded: [],
  failed: [],
  cancelled: [],
  superseded: [],
});
export type RolloutStatus = (typeof rolloutStatus.all)[number];

export const rebaseStatus = statusTable({
  pending: ['running', 'failed', 'cancelled'],
  running: ['succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
});
export type RebaseStatus = (typeof rebaseStatus.all)[number];

/** Pending waits for approvals; running checks the gates and then follows its release. */
export const promotionStatus = statusTable({
  pending: ['running', 'failed', 'cancelled'],
  running: ['succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
});
export type PromotionStatus = (typeof promotionStatus.all)[number];

/** A command that somebody runs once; cancelled by whoever stops it or goes away. */
export const oneOffStatus = statusTable({
  pending: ['running', 'failed', 'cancelled'],
  running: ['succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
});
export type OneOffStatus = (typeof oneOffStatus.all)[number];

/** Of one app in a rebase. A planned one may turn out to be current, or refused, when something was pushed meanwhile. */
export const rebaseAppStatus = statusTable({
  planned: ['releasing', 'unchanged', 'refused', 'failed', 'skipped'],
  releasing: ['succeeded', 'failed', 'superseded'],
  unchanged: [],
  refused: [],
  succeeded: [],
  failed: [],
  superseded: [],
  skipped: [],
});
export type RebaseAppStatus = (typeof rebaseAppStatus.all)[number];

/** Heroku's five dyno states but `idle` (that an app sleeps is said of the app: sleep-state.ts), and `stopping`. */
export const instanceState = statusTable({
  starting: ['up', 'crashed', 'stopping', 'down'],
  up: ['starting', 'crashed', 'stopping', 'down'],
  crashed: ['starting', 'stopping', 'down'],
  stopping: ['down'],
  down: [],
});
export type InstanceState = (typeof instanceState.all)[number];

/** One service of a project environment; what is asked of it anew starts from the beginning. */
export const serviceStatus = statusTable({
  pending: ['building', 'starting', 'failed', 'pending'],
  building: ['starting', 'failed', 'pending', 'building'],
  starting: ['ready', 'failed', 'pending', 'starting'],
  ready: ['pending'],
  failed: ['pending'],
});
export type ServiceStatus = (typeof serviceStatus.all)[number];

/** A run that frees disk. */
export const collectionStatus = statusTable({
  pending: ['running', 'failed'],
  running: ['succeeded', 'failed'],
  succeeded: [],
  failed: [],
});
export type CollectionStatus = (typeof collectionStatus.all)[number];

/** Of a resource that the platform keeps for apps; its row goes with its data. */
export const addOnStatus = statusTable({
  provisioning: ['provisioned', 'failed', 'deprovisioning'],
  provisioned: ['deprovisioning'],
  failed: ['deprovisioning'],
  deprovisioning: [],
});
export type AddOnStatus = (typeof addOnStatus.all)[number];

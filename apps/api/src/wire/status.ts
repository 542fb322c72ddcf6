import type { BuildStatus, ReleaseStatus } from '@berth/domain/status';

type WireStatus = 'pending' | 'succeeded' | 'failed';

const statuses: Record<BuildStatus | ReleaseStatus, WireStatus> = {
  pending: 'pending',
  running: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'failed',
  superseded: 'failed',
};

/** Heroku knows three of our statuses of builds and releases; our own field `failure` says the rest. */
export const toWireStatus = (status: BuildStatus | ReleaseStatus): WireStatus => statuses[status];

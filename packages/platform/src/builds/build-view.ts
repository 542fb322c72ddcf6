import type { BuildStatus, ReleaseStatus } from '@berth/domain/status';
import type { StepView } from '../steps/step-view.js';
import type { BuildRow } from './find-build-for.js';

export interface BuildView {
  id: string;
  status: BuildStatus;
  commit: string;
  message: string;
  ref: string;
  pushId: string;
  buildpack: string | null;
  user: { id: string; email: string };
  error: { code: string; message: string } | null;
  release: { id: string; version: number; status: ReleaseStatus } | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  steps: StepView[];
}

export function toBuildView(row: BuildRow, users: readonly { id: string; email: string }[]): BuildView {
  const { id, status, buildpack, createdAt, startedAt, endedAt, steps, release, source } = row;
  const { errorCode: code, errorMessage } = row;
  return {
    id,
    status,
    buildpack,
    createdAt,
    startedAt,
    endedAt,
    steps,
    release,
    commit: source.commit,
    message: source.message,
    ref: source.push.ref,
    pushId: source.push.id,
    user: { id: row.userId, email: users.find((user) => user.id === row.userId)?.email ?? '' },
    error: code && errorMessage ? { code, message: errorMessage } : null,
  };
}

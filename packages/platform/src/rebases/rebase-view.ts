import {
  type PackageChange,
  type RebaseChanges,
  type RebaseWish,
  rebaseChanges,
  rebaseWish,
} from '@berth/domain/rebase';
import type { RebaseAppStatus, RebaseStatus } from '@berth/domain/status';

export interface RebaseAppView {
  app: { id: string; name: string; team: string; environment: string };
  wave: number;
  status: RebaseAppStatus;
  /** Why it stays as it is, or what failed. */
  message: string | null;
  changes: RebaseChanges;
  from: { digest: string };
  to: { digest: string } | null;
  release: { id: string; version: number } | null;
}

export interface RebaseView {
  id: string;
  status: RebaseStatus;
  dryRun: boolean;
  wish: RebaseWish;
  waveSize: number;
  user: { id: string; email: string };
  error: { code: string; message: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  plannedAt: Date | null;
  endedAt: Date | null;
  /** How many of its apps have which status. */
  counts: Partial<Record<RebaseAppStatus, number>>;
}

export interface RebaseDetail extends RebaseView {
  apps: RebaseAppView[];
  /** Each exchange of one base for another that occurs, with the Debian packages that differ (null: not known). */
  moves: { from: string; to: string; packages: PackageChange[] | null }[];
}

interface RebaseRow {
  id: string;
  userId: string;
  status: RebaseStatus;
  dryRun: boolean;
  wish: unknown;
  waveSize: number;
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: Date;
  startedAt: Date | null;
  plannedAt: Date | null;
  endedAt: Date | null;
}

/** What people see of a rebase, without its apps. */
export function toRebaseView(
  row: RebaseRow,
  users: readonly { id: string; email: string }[],
  counts: RebaseView['counts'],
): RebaseView {
  const { id, status, dryRun, waveSize, createdAt, startedAt, plannedAt, endedAt } = row;
  const { errorCode: code, errorMessage: message } = row;
  return {
    id,
    status,
    dryRun,
    wish: rebaseWish.parse(row.wish),
    waveSize,
    user: { id: row.userId, email: users.find((user) => user.id === row.userId)?.email ?? '' },
    error: code && message ? { code, message } : null,
    createdAt,
    startedAt,
    plannedAt,
    endedAt,
    counts,
  };
}

interface RebaseAppRow {
  wave: number;
  status: RebaseAppStatus;
  message: string | null;
  changes: unknown;
  app: { id: string; name: string; team: { name: string }; environment: { name: string } };
  fromImage: { digest: string };
  toImage: { digest: string } | null;
  release: { id: string; version: number } | null;
}

export const rebaseAppInclude = {
  app: { include: { team: true, environment: true } },
  fromImage: { select: { digest: true } },
  toImage: { select: { digest: true } },
  release: { select: { id: true, version: true } },
} as const;

export function toRebaseAppView(row: RebaseAppRow): RebaseAppView {
  const { app, wave, status, message, fromImage, toImage, release } = row;
  return {
    app: { id: app.id, name: app.name, team: app.team.name, environment: app.environment.name },
    wave,
    status,
    message,
    changes: rebaseChanges.parse(row.changes),
    from: fromImage,
    to: toImage,
    release,
  };
}

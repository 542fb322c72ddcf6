import type { Db, Tx } from '@berth/db/client';
import type { OneOff, Prisma } from '@berth/db/generated/client';
import type { OneOffStatus } from '@berth/domain/status';
import { oneOffName } from './one-off-name.js';

/** A one-off command as people see it. */
export interface OneOffView {
  id: string;
  /** `run.1234` */
  name: string;
  processType: string;
  status: OneOffStatus;
  command: string;
  size: string;
  isAttached: boolean;
  /** The release that it runs, or that was current when it was asked for. */
  release: { id: string; version: number } | null;
  exitCode: number | null;
  message: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** The newest first. */
export async function readOneOffViews(db: Db | Tx, where: Prisma.OneOffWhereInput): Promise<OneOffView[]> {
  const rows = await db.oneOff.findMany({ where, orderBy: { createdAt: 'desc' } });
  const versions = rows.flatMap(({ appId, version }) => (version === null ? [] : [{ appId, version }]));
  const releases =
    versions.length > 0
      ? await db.release.findMany({ where: { OR: versions }, select: { id: true, appId: true, version: true } })
      : [];
  return rows.map((row) => toView(row, releases));
}

function toView(row: OneOff, releases: readonly { id: string; appId: string; version: number }[]): OneOffView {
  const release = releases.find(({ appId, version }) => appId === row.appId && version === row.version);
  const { id, processType, status, command, size, isAttached, exitCode, message, createdAt, updatedAt } = row;
  return {
    ...{ id, name: oneOffName(row), processType, status, command, size, isAttached },
    release: release ? { id: release.id, version: release.version } : null,
    ...{ exitCode, message, createdAt, updatedAt },
  };
}

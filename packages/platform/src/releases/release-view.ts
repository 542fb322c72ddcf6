import type { ReleaseReason } from '@berth/db/generated/client';
import { releaseProcess } from '@berth/domain/process-type';
import { processTypesIn } from '@berth/domain/run-settings';
import { type ReleaseStatus, releaseStatus } from '@berth/domain/status';

export interface ReleaseView {
  id: string;
  version: number;
  status: ReleaseStatus;
  reason: ReleaseReason;
  description: string;
  commit: string | null;
  imageDigest: string | null;
  /** Its image is not kept any more: nothing can go back to it. */
  isCollected: boolean;
  buildId: string | null;
  pushId: string | null;
  user: { id: string; email: string };
  isCurrent: boolean;
  error: { code: string; message: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  /** Whether it has output of a release phase, or may still get some. */
  hasOutput: boolean;
}

export const releaseInclude = { image: true, output: { select: { id: true } } } as const;

interface ReleaseRow {
  id: string;
  version: number;
  status: ReleaseStatus;
  reason: ReleaseReason;
  description: string;
  userId: string;
  buildId: string | null;
  pushId: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  sections: string[];
  image: {
    commit: string;
    digest: string;
    processTypes: unknown;
    environments: unknown;
    collectedAt: Date | null;
  } | null;
  output: { id: string } | null;
}

/** What people see of a release; its config is not in it. */
export function toReleaseView(
  row: ReleaseRow,
  users: readonly { id: string; email: string }[],
  currentReleaseId: string | null,
): ReleaseView {
  const { id, version, status, reason, description, buildId, pushId, createdAt, startedAt, endedAt } = row;
  const { errorCode: code, errorMessage: message } = row;
  return {
    id,
    version,
    status,
    reason,
    description,
    buildId,
    pushId,
    createdAt,
    startedAt,
    endedAt,
    commit: row.image?.commit ?? null,
    imageDigest: row.image?.digest ?? null,
    isCollected: row.image !== null && row.image.collectedAt !== null,
    user: { id: row.userId, email: users.find((user) => user.id === row.userId)?.email ?? '' },
    isCurrent: id === currentReleaseId,
    error: code && message ? { code, message } : null,
    hasOutput: row.output !== null || (!releaseStatus.isTerminal(status) && hasReleasePhase(row)),
  };
}

const hasReleasePhase = ({ image, sections }: ReleaseRow): boolean =>
  image !== null && processTypesIn(image, sections).some(({ name }) => name === releaseProcess);

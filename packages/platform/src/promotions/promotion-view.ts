import type { Db, Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import type { PromotionStatus } from '@berth/domain/status';

/** A promotion as people see it. */
export interface PromotionView {
  id: string;
  status: PromotionStatus;
  pipeline: { id: string; name: string };
  /** `id` is null when the app is gone. */
  source: { app: { id: string | null; name: string }; environment: string; version: number };
  target: { app: { id: string; name: string }; environment: string };
  image: { digest: string; commit: string };
  /** The target's release that it became. */
  release: { id: string; version: number } | null;
  /** Who asked for it. */
  person: { id: string; email: string };
  approvalsWanted: number;
  approvals: { person: { id: string; email: string }; isApproved: boolean; comment: string; createdAt: Date }[];
  /** As far as they were asked, in the policy's order. */
  gates: GateView[];
  error: { code: string; message: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

/** What one gate of a promotion said. */
export interface GateView {
  /** From 1. */
  position: number;
  /** The one or the other. */
  path: string | null;
  command: string | null;
  /** `cancelled`: its promotion ended before it had answered. */
  state: 'running' | 'open' | 'shut' | 'cancelled';
  message: string | null;
  startedAt: Date;
  endedAt: Date | null;
}

const include = {
  pipeline: { select: { id: true, name: true } },
  targetApp: { select: { id: true, name: true, environment: { select: { name: true } } } },
  image: { select: { digest: true, commit: true } },
  release: { select: { id: true, version: true } },
  approvals: { orderBy: { createdAt: 'asc' } },
  gates: { omit: { output: true }, orderBy: { position: 'asc' } },
} satisfies Prisma.PromotionInclude;

/** The newest first, `count` at the most. */
export async function readPromotionViews(
  db: Db | Tx,
  where: Prisma.PromotionWhereInput,
  count = 100,
): Promise<PromotionView[]> {
  const rows = await db.promotion.findMany({
    where,
    include,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: count,
  });
  const ids = rows.flatMap((row) => [row.userId, ...row.approvals.map(({ userId }) => userId)]);
  const users = await db.user.findMany({ where: { id: { in: ids } }, select: { id: true, email: true } });
  const person = (id: string) => ({ id, email: users.find((user) => user.id === id)?.email ?? '' });
  return rows.map((row) => ({
    ...{ id: row.id, status: row.status, pipeline: row.pipeline, image: row.image, release: row.release },
    source: {
      app: { id: row.sourceAppId, name: row.sourceName },
      ...{ environment: row.sourceEnvironment, version: row.sourceVersion },
    },
    target: placeOf(row.targetApp),
    person: person(row.userId),
    approvalsWanted: row.approvalsWanted,
    approvals: row.approvals.map(({ userId, isApproved, comment, createdAt }) => ({
      ...{ person: person(userId), isApproved, comment, createdAt },
    })),
    gates: row.gates.map(({ promotionId: _, ...gate }) => ({
      ...gate,
      state: gate.endedAt ? (gate.message === null ? 'open' : 'shut') : row.endedAt ? 'cancelled' : 'running',
    })),
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
    ...{ createdAt: row.createdAt, startedAt: row.startedAt, endedAt: row.endedAt },
  }));
}

export async function readPromotionView(db: Db | Tx, id: string): Promise<PromotionView> {
  const [view] = await readPromotionViews(db, { id });
  if (!view) throw new Error(`the promotion ${id} is gone`);
  return view;
}

const placeOf = ({ id, name, environment }: { id: string; name: string; environment: { name: string } }) => ({
  app: { id, name: name.split('~')[0] ?? name }, // a destroyed app's name has its id behind it
  environment: environment.name,
});

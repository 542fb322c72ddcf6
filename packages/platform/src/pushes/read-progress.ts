import type { Db } from '@berth/db/client';
import { buildStatus, releaseStatus } from '@berth/domain/status';
import { appUrl } from '../addresses.js';
import type { Platform } from '../platform.js';

/** How a push ended, in one sentence; `version` and `webUrl` when it is live. */
export interface PushEnd {
  type: 'end';
  isOk: boolean;
  message: string;
  version?: number;
  webUrl?: string;
  /** Of a push that failed: the release that goes on serving, if there is one. */
  servingVersion?: number;
}

/** What there is of a push now: its build, the release whose output is to follow, and its end when it has one. */
export interface PushProgress {
  buildId: string | undefined;
  isBuildOver: boolean;
  releaseId: string | undefined;
  isReleaseOver: boolean;
  end: PushEnd | undefined;
}

const findPush = (db: Db, id: string) =>
  db.push.findUniqueOrThrow({
    where: { id },
    include: {
      app: { select: { name: true, lastAccepted: true, currentRelease: { select: { version: true, imageId: true } } } },
      source: { include: { build: true } },
    },
  });
type PushRow = Awaited<ReturnType<typeof findPush>>;

/** Reads a push's build and its releases: its build's, and those of config changes that took it over. */
export async function readProgress(platform: Platform, pushId: string): Promise<PushProgress> {
  const push = await findPush(platform.db, pushId);
  const build = push.source?.build;
  if (!build) {
    const end: PushEnd = { type: 'end', isOk: true, message: 'Stored; only the deploy branch is built.' };
    return { buildId: undefined, isBuildOver: true, releaseId: undefined, isReleaseOver: true, end };
  }
  const isBuildOver = buildStatus.isTerminal(build.status);
  const failed = isBuildOver && build.status !== 'succeeded';
  const releases = await platform.db.release.findMany({ where: { pushId }, orderBy: { version: 'asc' } });
  const live = releases.find(({ status }) => status === 'succeeded');
  const open = releases.find(({ status }) => !releaseStatus.isTerminal(status));
  const decisive = live ?? open ?? releases.at(-1);
  let end: PushEnd | undefined;
  if (failed) end = await toEnd(platform, push, 'build', build);
  else if (live) end = liveEnd(platform, push.app.name, live.version);
  else if (decisive && !open) end = await toEnd(platform, push, 'release', decisive);
  return {
    buildId: build.id,
    isBuildOver,
    releaseId: decisive?.id,
    isReleaseOver: decisive !== undefined && releaseStatus.isTerminal(decisive.status),
    end,
  };
}

function liveEnd(platform: Platform, appName: string, version: number): PushEnd {
  const webUrl = appUrl(platform.addresses, appName);
  return { type: 'end', isOk: true, message: `Released v${version}, live at ${webUrl}`, version, webUrl };
}

/** The sentence of a build or release that ended without success. */
async function toEnd(
  platform: Platform,
  push: PushRow,
  noun: 'build' | 'release',
  row: { status: string; errorMessage: string | null },
): Promise<PushEnd> {
  if (row.status === 'superseded') return { type: 'end', isOk: false, message: await winner(platform, push) };
  const { currentRelease } = push.app;
  return {
    ...{ type: 'end', isOk: false },
    message: row.status === 'cancelled' ? `The ${noun} was cancelled.` : (row.errorMessage ?? `The ${noun} failed.`),
    ...(currentRelease?.imageId ? { servingVersion: currentRelease.version } : {}),
  };
}

/** Who won: the newest accepted push after this one, or a rollback or promotion. */
async function winner(platform: Platform, push: PushRow): Promise<string> {
  const [newer, rollback] = await Promise.all([
    platform.db.push.findFirst({
      where: { appId: push.appId, sequence: { gt: push.sequence }, source: { isNot: null } },
      orderBy: { sequence: 'desc' },
    }),
    platform.db.release.findFirst({
      where: {
        appId: push.appId,
        reason: { in: ['rollback', 'promotion'] },
        accepted: { gt: push.source?.build?.accepted ?? 0 },
      },
      orderBy: { version: 'desc' },
    }),
  ]);
  if (rollback && rollback.accepted === push.app.lastAccepted)
    return `Superseded by v${rollback.version}: ${rollback.description}.`;
  if (newer) return `Superseded by the newer push of ${newer.newSha.slice(0, 8)}.`;
  return 'Superseded by something newer.';
}

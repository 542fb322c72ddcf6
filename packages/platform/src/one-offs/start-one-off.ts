import { randomInt } from 'node:crypto';
import type { Tx } from '@berth/db/client';
import { firstSize } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import { expandCommand } from '@berth/domain/expand-command';
import type { ProcessType } from '@berth/domain/process-type';
import { runSecretPrefix } from '@berth/domain/run-port';
import { processTypesIn } from '@berth/domain/run-settings';
import { parseSize } from '@berth/domain/sizes';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getAppToRun } from '../auth/get-app-to-run.js';
import { readFormation, readSurroundings } from '../formation/read-formation.js';
import { lockApp } from '../lock-app.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { amountsOf } from '../quotas/read-taken.js';
import { requireQuota } from '../quotas/require-quota.js';
import { hashSecret, randomSecret } from '../secrets/random-secret.js';
import { type OneOffView, readOneOffViews } from './one-off-view.js';

export interface WantedOneOff {
  /** With the API token that asks: an attached one ends with it. */
  actor: Actor & { tokenId?: string };
  app: string;
  /** A shell line; a first word that is a process type of the app stands for its command. */
  command: string;
  /** The first part of its name; a process type's size is its own. `run` when undefined. */
  type?: string | undefined;
  size?: string | undefined;
  /** In place of the current release. */
  releaseId?: string | undefined;
  /** On top of the config vars. */
  env: Record<string, string>;
  isAttached: boolean;
  hasTerminal: boolean;
  /** s */
  timeLimit: number;
}

/** Of one app at a time, waiting or running. */
const openMax = 20;
/** Of one team: the host runs 100, and two teams that take all of theirs leave room for others. */
const teamOpenMax = 40;
/** Of one person, who may make any number of teams. */
const personOpenMax = 30;
/** Ended ones that are kept per app. */
const keptMax = 100;

/**
 * Asks for a command to be run once in the app's current release, by who may run commands ({@link requireRunRole}).
 * `secret` opens an attached one, once.
 */
export function startOneOff(
  platform: Platform,
  wanted: WantedOneOff,
): Promise<{ oneOff: OneOffView; secret: string | undefined }> {
  const { actor, type = 'run', isAttached, hasTerminal, timeLimit } = wanted;
  return transaction(platform, async (tx, after) => {
    const app = await getAppToRun(tx, { actor, app: wanted.app });
    const appId = app.id;
    await lockTeam(tx, app.teamId); // before the app, as everywhere
    const { currentReleaseId } = await lockApp(tx, appId);
    const { version, processTypes } = await readCurrent(tx, app.name, wanted.releaseId ?? currentReleaseId);
    const size = parseSize(wanted.size ?? (await sizeOf(tx, appId, processTypes, type))).name;
    await requireQuota(tx, { ...app, adds: amountsOf(size, 1) });
    await requireTeamShare(tx, app.team);
    await requirePersonShare(tx, actor.userId);
    const number = await pickNumber(tx, { appId, name: app.name, processType: type });
    const secret = isAttached ? randomSecret(runSecretPrefix) : undefined;
    const { id } = await tx.oneOff.create({
      data: {
        ...{
          appId,
          userId: actor.userId,
          tokenId: actor.tokenId ?? null,
          processType: type,
          number,
          size,
          version,
          releaseId: wanted.releaseId ?? null,
          isAttached,
          hasTerminal,
          timeLimit,
        },
        command: expandCommand(wanted.command, processTypes),
        secretHash: secret ? hashSecret(secret) : null,
        env: platform.secrets.seal(JSON.stringify(wanted.env)),
      },
    });
    await forgetOld(tx, appId);
    after.jobs.push(await addJob(tx, 'one-off.run', { appId, oneOffId: id }));
    const [oneOff] = await readOneOffViews(tx, { id });
    return { oneOff: oneOff as OneOffView, secret };
  });
}

async function readCurrent(tx: Tx, appName: string, releaseId: string | null) {
  const release = await tx.release.findUnique({ where: { id: releaseId ?? '' }, include: { image: true } });
  if (!release?.image)
    throw new UserError('conflict', `${appName} has no live release to run a command in: push it first.`);
  return { version: release.version, processTypes: processTypesIn(release.image, release.sections) };
}

/** As its process type was scaled; what is none has the size of the environment's new processes. */
async function sizeOf(tx: Tx, appId: string, processTypes: ProcessType[], type: string): Promise<string> {
  const formation = await readFormation(tx, appId, processTypes);
  return (
    formation.find(({ processType }) => processType === type)?.size ?? firstSize(await readSurroundings(tx, appId))
  );
}

/** The team's row is locked: nobody else of it counts at the same time. */
async function requireTeamShare(tx: Tx, { id: teamId, name }: { id: string; name: string }): Promise<void> {
  const open = await tx.oneOff.count({ where: { app: { teamId }, status: { in: ['pending', 'running'] } } });
  if (open >= teamOpenMax)
    throw new UserError(
      'rate_limited',
      `Team ${name} runs ${teamOpenMax} one-off commands already: wait, or stop one of them.`,
    );
}

/** The person's row is locked, after all others: they may ask in another team at the same time. */
async function requirePersonShare(tx: Tx, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "User" WHERE "id" = ${userId} FOR NO KEY UPDATE`;
  const open = await tx.oneOff.count({ where: { userId, status: { in: ['pending', 'running'] } } });
  if (open >= personOpenMax)
    throw new UserError(
      'rate_limited',
      `You run ${personOpenMax} one-off commands already: wait, or stop one of them.`,
    );
}

/** Four digits, as Heroku's; no instance has so high an index. */
async function pickNumber(
  tx: Tx,
  { appId, name, processType }: { appId: string; name: string; processType: string },
): Promise<number> {
  const kept = await tx.oneOff.findMany({
    where: { appId },
    select: { processType: true, number: true, status: true },
  });
  if (kept.filter(({ status }) => status === 'pending' || status === 'running').length >= openMax)
    throw new UserError('rate_limited', `${name} runs ${openMax} one-off commands already: wait, or stop one of them.`);
  const used = new Set(kept.filter((one) => one.processType === processType).map(({ number }) => number));
  for (;;) {
    const number = randomInt(1_000, 10_000);
    if (!used.has(number)) return number;
  }
}

async function forgetOld(tx: Tx, appId: string): Promise<void> {
  const older = await tx.oneOff.findMany({
    where: { appId, endedAt: { not: null } },
    orderBy: { createdAt: 'desc' },
    skip: keptMax,
    select: { id: true },
  });
  await tx.oneOff.deleteMany({ where: { id: { in: older.map(({ id }) => id) } } });
}

import { UserError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';
import { type PullRequestNews, type ReviewHook, type Taken, takePullRequest } from './take-pull-request.js';

/** The newest of each hook are kept. */
const keptDeliveries = 20;

/** What becomes of the pull request that a signed delivery is about, kept for those who look why nothing was made. */
export async function takeDelivery(
  platform: Platform,
  hook: ReviewHook,
  { host, news }: { host: string; news: PullRequestNews },
): Promise<Taken> {
  const of = { teamId: hook.teamId, host, service: news.service, branch: news.branch };
  try {
    const taken = await takePullRequest(platform, hook, news);
    await keep(platform, { ...of, ...taken, message: null });
    return taken;
  } catch (error) {
    if (error instanceof UserError)
      await keep(platform, { ...of, outcome: 'refused', environment: null, message: error.publicMessage });
    throw error;
  }
}

interface Row {
  teamId: string;
  host: string;
  service: string;
  branch: string;
  outcome: Taken['outcome'] | 'refused';
  environment: string | null;
  message: string | null;
}

/** A hook that was removed meanwhile keeps none: its row is locked, so that it does not go in between. */
async function keep({ db }: Platform, row: Row): Promise<void> {
  const { teamId } = row;
  await db.$transaction(async (tx) => {
    const hooks = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM "PullRequestHook" WHERE "teamId" = ${teamId} FOR KEY SHARE`;
    if (hooks.length > 0) await tx.hookDelivery.create({ data: row });
  });
  await db.$executeRaw`
    DELETE FROM "HookDelivery" WHERE "teamId" = ${teamId} AND "id" NOT IN (
      SELECT "id" FROM "HookDelivery" WHERE "teamId" = ${teamId} ORDER BY "id" DESC LIMIT ${keptDeliveries})`;
}

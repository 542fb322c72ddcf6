import type { WakeTopic } from '@berth/jobs/wake';
import { appUrl } from '../addresses.js';
import type { Platform } from '../platform.js';
import { followOutput } from '../pushes/follow-output.js';

export type ServiceMessage = { type: 'output'; text: string } | { type: 'end'; isOk: boolean; message: string };

/**
 * What becomes of one wish of a service: the output of its own build while it comes, and one sentence at the end. Ends
 * silently when `signal` is aborted.
 */
export async function* followService(
  platform: Platform,
  { appId, wish, signal }: { appId: string; wish: number; signal: AbortSignal },
): AsyncGenerator<ServiceMessage> {
  const { db, wake } = platform;
  const topics: WakeTopic[] = [`app:${appId}`];
  let followed: string | undefined;
  const look = async () => {
    const row = await db.projectService.findFirst({ where: { appId, wish }, include: { app: true } });
    if (!row || row.app.destroyedAt)
      return { type: 'end', isOk: false, message: 'Something newer took its place.' } as const;
    if (row.buildId && row.buildId !== followed) {
      const build = await db.build.findUnique({ where: { id: row.buildId }, select: { appId: true } });
      if (build?.appId === appId) return { type: 'build', buildId: row.buildId } as const;
    }
    if (row.status === 'failed')
      return { type: 'end', isOk: false, message: row.errorMessage ?? 'It failed.' } as const;
    const message = `${appUrl(platform.addresses, row.app.name)} deployed`;
    return row.status === 'ready' ? ({ type: 'end', isOk: true, message } as const) : undefined;
  };
  while (!signal.aborted) {
    const seen = await wake.until(topics, look, signal);
    if (!seen) return;
    if (seen.type === 'end') {
      yield seen;
      return;
    }
    followed = seen.buildId;
    const isOver = async () => {
      const build = await db.build.findUnique({ where: { id: seen.buildId }, select: { endedAt: true } });
      return !build || build.endedAt !== null;
    };
    yield* followOutput(platform, { noun: 'build', id: seen.buildId }, isOver, signal);
  }
}

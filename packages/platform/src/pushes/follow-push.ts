import type { WakeTopic } from '@berth/jobs/wake';
import type { Platform } from '../platform.js';
import { followOutput } from './follow-output.js';
import { type PushEnd, readProgress } from './read-progress.js';

export type PushProgressMessage = { type: 'output'; text: string } | PushEnd;

/**
 * What the pusher sees: the build's output while it comes, then the release's, and one sentence at the end.
 * A config change during the deploy takes the push over: its release is followed then. Ends silently when `signal` is aborted.
 */
export async function* followPush(
  platform: Platform,
  { pushId, signal }: { pushId: string; signal: AbortSignal },
): AsyncGenerator<PushProgressMessage> {
  const followed = new Set<string>();
  const isNew = (id: string | undefined) => id !== undefined && !followed.has(id);
  const topics: WakeTopic[] = [`push:${pushId}`];
  while (!signal.aborted) {
    const look = async () => {
      const now = await readProgress(platform, pushId);
      return now.end || isNew(now.buildId) || isNew(now.releaseId) ? now : undefined;
    };
    const progress = await platform.wake.until(topics, look, signal);
    if (!progress) return;
    const { buildId, releaseId } = progress;
    if (buildId && !followed.has(buildId)) {
      followed.add(buildId);
      topics.push(`build:${buildId}`);
      const isOver = async () => (await readProgress(platform, pushId)).isBuildOver;
      yield* followOutput(platform, { noun: 'build', id: buildId }, isOver, signal);
    } else if (releaseId && !followed.has(releaseId)) {
      followed.add(releaseId);
      const isOver = async () => {
        const now = await readProgress(platform, pushId);
        return now.releaseId !== releaseId || now.isReleaseOver;
      };
      yield* followOutput(platform, { noun: 'release', id: releaseId }, isOver, signal);
    } else if (progress.end) {
      yield progress.end;
      return;
    }
  }
}

import type { ReleaseView } from '@berth/platform/releases/get-release';
import { ref } from './app.js';
import { toWireStatus } from './status.js';

/** Heroku's `release`. `outputUrl` is where its release phase's output is, null without one. */
export function toWireRelease(release: ReleaseView, app: { id: string; name: string }, outputUrl: string | null) {
  return {
    addon_plan_names: [],
    app: ref(app),
    artifacts: [],
    created_at: release.createdAt,
    current: release.isCurrent,
    description: release.description,
    eligible_for_rollback: release.status === 'succeeded' && release.imageDigest !== null && !release.isCollected,
    id: release.id,
    output_stream_url: outputUrl,
    slug: release.imageDigest ? { id: release.imageDigest } : null,
    status: toWireStatus(release.status),
    updated_at: release.endedAt ?? release.startedAt ?? release.createdAt,
    user: release.user,
    version: release.version,
    // ours
    collected: release.isCollected,
    commit: release.commit,
    failure: release.error,
  };
}

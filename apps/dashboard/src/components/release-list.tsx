import type { AppView } from '@berth/platform/apps/app-view';
import type { ReleaseView } from '@berth/platform/releases/release-view';
import { shortSha, timeAgo } from '@/lib/format';
import { rollBackAction } from '../app/(signed-in)/apps/[app]/actions';
import { ActionButton } from './action-button';
import { Empty } from './ui/card';
import { Status } from './ui/status';

/** Releases, newest first, with what each was, who made it, and the way back to it. */
export function ReleaseList({ app, releases }: { app: AppView; releases: ReleaseView[] }) {
  if (releases.length === 0) return <Empty>No releases yet.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {releases.map((release) => {
        const { isCurrent } = release;
        return (
          <li key={release.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
            <span className="w-10 font-medium tabular-nums">v{release.version}</span>
            <div className="min-w-0 flex-1 basis-48">
              <p className="truncate text-sm">
                {release.description}
                {release.commit && (
                  <code className="ml-2 font-mono text-[13px] text-muted">{shortSha(release.commit)}</code>
                )}
              </p>
              <p className="text-[13px] text-muted">
                {release.user.email} · {timeAgo(release.createdAt)}
              </p>
              {release.error && <p className="text-[13px] text-bad">{release.error.message}</p>}
            </div>
            <Status status={isCurrent ? 'live' : release.status} />
            {release.status === 'succeeded' && release.imageDigest && !release.isCollected && !isCurrent && (
              <ActionButton
                action={rollBackAction.bind(null, app.name, release.version)}
                size="small"
                confirm={`Roll ${app.name} back to v${release.version}? Its image and config vars come back.`}
              >
                Roll back
              </ActionButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}

import type { AppView } from '@berth/platform/apps/app-view';
import type { ReleaseView } from '@berth/platform/releases/release-view';
import Link from 'next/link';
import { shortSha, timeAgo } from '@/lib/format';
import { RollBack } from './release/roll-back';
import { Empty } from './ui/card';
import { Status } from './ui/status';

/** Releases, newest first, with what each was, who made it, and the way back to it. */
export function ReleaseList({ app, releases }: { app: AppView; releases: ReleaseView[] }) {
  if (releases.length === 0) return <Empty>No releases yet.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {releases.map((release) => {
        return (
          <li key={release.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
            <Link
              href={`/apps/${app.name}/releases/v${release.version}`}
              prefetch={false}
              className="w-10 font-medium text-accent tabular-nums hover:underline"
            >
              v{release.version}
            </Link>
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
            <Status status={release.isCurrent ? 'live' : release.status} />
            <RollBack app={app} release={release} />
          </li>
        );
      })}
    </ul>
  );
}

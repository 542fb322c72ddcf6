import type { CommitsBetween } from '@berth/platform/releases/read-commits';
import { shortSha, timeAgo } from '@/lib/format';
import { Empty } from './ui/card';

/** The commits between two images, the newest first. */
export function CommitList({ commits }: Pick<CommitsBetween, 'commits'>) {
  if (commits.length === 0) return <Empty>No commits between the two.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {commits.map(({ commit, message, createdAt }) => (
        <li key={commit} className="flex gap-4 px-5 py-3 text-sm">
          <code className="font-mono text-[13px]">{shortSha(commit)}</code>
          <span className="min-w-0 flex-1 truncate">{message}</span>
          <span className="text-muted">{timeAgo(createdAt)}</span>
        </li>
      ))}
    </ul>
  );
}

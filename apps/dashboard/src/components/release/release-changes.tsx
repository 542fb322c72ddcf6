import type { ReleaseDiff } from '@berth/platform/releases/diff-release';
import { ChangeList } from '../change-list';
import { CommitList } from '../commit-list';
import { Card, Empty } from '../ui/card';

/** What a release changed of what ran before it. */
export function ReleaseChanges({ diff }: { diff: ReleaseDiff }) {
  const { before, commits, isOlder, config, processes } = diff;
  if (!before)
    return (
      <Card title="What changed">
        <Empty>Nothing ran before it.</Empty>
      </Card>
    );
  const rows = [
    ...config.map(({ key, kind }) => ({ name: key, from: 'config var', to: kind })),
    ...processes.map(({ name, from, to }) => ({ name, from: from ?? '–', to: to ?? '–' })),
  ];
  return (
    <Card title={`What changed since v${before.version}`} hint="Commits, config vars, processes">
      {isOlder && <p className="px-5 pt-4 text-sm">It goes back: v{before.version} is of a newer commit.</p>}
      {commits.length > 0 && <CommitList commits={commits} />}
      {commits.length > 0 && rows.length > 0 && <hr className="border-line" />}
      {(rows.length > 0 || (commits.length === 0 && !isOlder)) && <ChangeList rows={rows} />}
    </Card>
  );
}

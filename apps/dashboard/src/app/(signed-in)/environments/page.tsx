import { readBoard } from '@berth/platform/environments/read-board';
import { listTeams } from '@berth/platform/teams/list-teams';
import type { Metadata } from 'next';
import { EnvironmentBoard } from '@/components/environment-board';
import { LiveRefresh } from '@/components/live-refresh';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export const metadata: Metadata = { title: 'Environments' };

export default async function EnvironmentsPage() {
  const actor = await requireActor();
  const { platform } = berth();
  const teams = await listTeams(platform, { actor });
  const boards = await Promise.all(teams.map(({ id }) => readBoard(platform, { actor, team: id })));
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/apps" />
      <h1 className="text-xl font-semibold">Environments</h1>
      {boards.map((board) => (
        <EnvironmentBoard key={board.team.id} board={board} />
      ))}
    </div>
  );
}

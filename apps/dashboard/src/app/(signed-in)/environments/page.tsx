import { readBoard } from '@berth/platform/environments/read-board';
import { listProjectPage } from '@berth/platform/projects/list-project-page';
import { listTeamPromotions } from '@berth/platform/promotions/list-team-promotions';
import { listTeams } from '@berth/platform/teams/list-teams';
import type { Metadata } from 'next';
import { EnvironmentBoard } from '@/components/environment-board';
import { LiveRefresh } from '@/components/live-refresh';
import { ProjectList } from '@/components/project-list';
import { PromotionList } from '@/components/promotion-list';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export const metadata: Metadata = { title: 'Environments' };

/** Whose list is turned to a page, or searched; the others begin at their first. */
type Props = { searchParams: Promise<{ team?: string; page?: string; search?: string }> };

export default async function EnvironmentsPage({ searchParams }: Props) {
  const actor = await requireActor();
  const { team: turned, page = '1', search: wanted = '' } = await searchParams;
  const { platform } = berth();
  const teams = await listTeams(platform, { actor });
  const boards = await Promise.all(
    teams.map(async ({ id: team, name }) => {
      const search = name === turned ? wanted : '';
      const [board, found, promotions] = await Promise.all([
        readBoard(platform, { actor, team }),
        listProjectPage(platform, { actor, team, search, page: name === turned ? Number(page) : 1 }),
        listTeamPromotions(platform, { actor, team }),
      ]);
      return { board, found, search, promotions };
    }),
  );
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/changes" />
      <h1 className="text-xl font-semibold">Environments</h1>
      {boards.map(({ board, found, search, promotions }) => (
        <section key={board.team.id} aria-label={board.team.name} className="space-y-6">
          <EnvironmentBoard board={board} />
          <ProjectList team={board.team.name} found={found} search={search} />
          <PromotionList promotions={promotions} />
        </section>
      ))}
    </div>
  );
}

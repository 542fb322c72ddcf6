import type { Board, BoardCell, BoardEnvironment } from '@berth/platform/environments/read-board';
import { Snowflake } from 'lucide-react';
import Link from 'next/link';
import { shortSha } from '@/lib/format';
import { SleepMark } from './sleep-note';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';
import { Status } from './ui/status';

/** Services × stable environments of one team, each cell the commit that runs there. */
export function EnvironmentBoard({ board: { team, environments, services } }: { board: Board }) {
  return (
    <Card title={team.name} hint="What runs where" action={<TeamLinks team={team.name} />}>
      {services.length === 0 ? (
        <Empty>No apps yet. Create one, or a pipeline with an app in each environment.</Empty>
      ) : (
        <div className="scroll-sideways">
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line text-left align-bottom">
                <th scope="col" className="px-5 py-3 font-medium text-muted">
                  Service
                </th>
                {environments.map((environment) => (
                  <th key={environment.name} scope="col" className="px-5 py-3 font-medium">
                    <Heading team={team.name} environment={environment} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {services.map(({ name, cells }) => (
                <tr key={name}>
                  <th scope="row" className="px-5 py-3 text-left font-medium">
                    {name}
                  </th>
                  {environments.map((environment) => (
                    <td key={environment.name} className="px-5 py-3">
                      <Cell cell={cells.get(environment.name)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function TeamLinks({ team }: { team: string }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" asChild>
        <Link href={`/teams/${team}`}>Cost and quotas</Link>
      </Button>
      <Button size="small" asChild>
        <Link href={`/teams/${team}/differences`}>Differences</Link>
      </Button>
    </div>
  );
}

function Heading({ team, environment: { name, frozenFor } }: { team: string; environment: BoardEnvironment }) {
  return (
    <>
      <Link href={`/teams/${team}/environments/${name}`} className="hover:underline">
        {name}
      </Link>
      {frozenFor !== null && (
        <span className="flex items-center gap-1 text-[13px] font-normal text-bad">
          <Snowflake className="size-3" aria-hidden /> frozen: {frozenFor}
        </span>
      )}
    </>
  );
}

function Cell({ cell }: { cell: BoardCell | undefined }) {
  if (!cell) return <span className="text-muted">–</span>;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Link href={`/apps/${cell.app}`} className="hover:underline">
        {cell.commit ? <code className="font-mono text-[13px]">{shortSha(cell.commit)}</code> : cell.app}
        {cell.version !== null && <span className="ml-2 text-muted">v{cell.version}</span>}
      </Link>
      <Status status={cell.state} />
      <SleepMark state={cell.sleep} />
      {cell.waitingPromotion && (
        <Link href={`/promotions/${cell.waitingPromotion}`} className="text-[13px] text-busy hover:underline">
          waits for approval
        </Link>
      )}
      {cell.promoteTo && (
        <Link
          href={`/promotions/new?source=${cell.app}&target=${cell.promoteTo}`}
          className="text-[13px] text-accent hover:underline"
        >
          Promote →
        </Link>
      )}
    </div>
  );
}

import type { Board, BoardCell, BoardEnvironment } from '@berth/platform/environments/read-board';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { shortSha, timeAgo } from '@/lib/format';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';
import { Status } from './ui/status';

/** Services × environments of one team, each cell the commit that runs there. */
export function EnvironmentBoard({ board: { team, environments, services } }: { board: Board }) {
  return (
    <Card
      title={team.name}
      hint="What runs where; a project environment asks its base for what it lacks"
      action={
        <Button size="small" asChild>
          <Link href={`/environments/new?team=${team.name}`}>
            <Plus /> Project environment
          </Link>
        </Button>
      }
    >
      {services.length === 0 ? (
        <Empty>No apps yet.</Empty>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line text-left align-bottom">
                <th scope="col" className="px-5 py-3 font-medium text-muted">
                  Service
                </th>
                {environments.map((environment) => (
                  <th key={environment.name} scope="col" className="px-5 py-3 font-medium">
                    <Heading environment={environment} />
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
                      <Cell
                        cell={cells[environment.name]}
                        base={environment.base && cells[environment.base] ? environment.base : null}
                      />
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

function Heading({ environment: { name, base, expiresAt } }: { environment: BoardEnvironment }) {
  return (
    <>
      {base ? (
        <Link href={`/environments/${name}`} className="hover:underline">
          {name}
        </Link>
      ) : (
        name
      )}
      {base && <span className="block text-[13px] font-normal text-muted">on {base}</span>}
      {expiresAt && <span className="block text-[13px] font-normal text-muted">goes {timeAgo(expiresAt)}</span>}
    </>
  );
}

function Cell({ cell, base }: { cell: BoardCell | undefined; base: string | null }) {
  if (!cell) return <span className="text-muted">{base ? `→ ${base}` : '–'}</span>;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Link href={`/apps/${cell.app}`} className="hover:underline">
        {cell.commit ? <code className="font-mono text-[13px]">{shortSha(cell.commit)}</code> : cell.app}
        {cell.version !== null && <span className="ml-2 text-muted">v{cell.version}</span>}
      </Link>
      <Status status={cell.state} />
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

import type { ProjectLine, ProjectPage } from '@berth/platform/projects/list-project-page';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { shortSha, timeAgo } from '@/lib/format';
import { Pager } from './pager';
import { SearchField } from './search-field';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';
import { Status } from './ui/status';

/** The project environments of one team, a page of them; the address holds team, page and what was looked for. */
export function ProjectList(props: { team: string; found: ProjectPage; search: string }) {
  const { team, found, search } = props;
  const path = '/environments';
  return (
    <Card
      title="Project environments"
      hint={`of ${team}; each asks its base for what it lacks`}
      action={
        <div className="flex flex-wrap gap-2">
          {(found.total > 0 || search) && (
            <SearchField path={path} name="search" value={search} label="Part of a name" kept={{ team }} />
          )}
          <Button size="small" asChild>
            <Link href={`/environments/new?team=${team}`}>
              <Plus /> Project environment
            </Link>
          </Button>
        </div>
      }
    >
      {found.total === 0 && (
        <Empty>
          {search
            ? `None has ${search} in its name.`
            : 'None yet. One has only the services that a project changes, and is there in seconds.'}
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {found.projects.map((project) => (
          <Line key={project.id} project={project} />
        ))}
      </ul>
      <Pager path={path} query={{ team, ...(search && { search }) }} name="page" {...found} />
    </Card>
  );
}

function Line({ project }: { project: ProjectLine }) {
  const { name, base, owner, status, expiresAt, warnedAt, services, asleep } = project;
  return (
    <li className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-5 py-3 text-sm hover:bg-raised/60 lg:grid-cols-[minmax(16rem,1.2fr)_7rem_minmax(16rem,2fr)_minmax(11rem,auto)]">
      <div className="min-w-0">
        <Link href={`/environments/${name}`} className="font-medium after:absolute after:inset-0">
          {name}
        </Link>
        <p className="truncate text-[13px] text-muted">
          on {base.name}
          {owner && ` · ${owner.email}`}
        </p>
      </div>
      <div className="justify-self-end lg:justify-self-start">
        <Status status={status} />
      </div>
      <ul className="col-span-2 flex flex-wrap gap-x-4 gap-y-1 lg:col-span-1">
        {services.map(({ service, commit }) => (
          <li key={service}>
            {service} {commit && <code className="font-mono text-[13px] text-muted">{shortSha(commit)}</code>}
          </li>
        ))}
        {services.length === 0 && <li className="text-muted">no service of its own</li>}
      </ul>
      <p className="col-span-2 text-[13px] text-muted lg:col-span-1 lg:text-right">
        {asleep > 0 && `${asleep === services.length ? 'asleep' : `${asleep} asleep`} · `}
        {warnedAt && expiresAt ? (
          <span className="rounded-full bg-busy-soft px-2 py-0.5 font-medium text-busy">
            goes soon, {timeAgo(expiresAt)}
          </span>
        ) : (
          (expiresAt && `goes ${timeAgo(expiresAt)}`) || 'stays'
        )}
      </p>
    </li>
  );
}

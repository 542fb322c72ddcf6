import { type AppPage, listAppPage } from '@berth/platform/apps/list-app-page';
import { ExternalLink, Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { LiveRefresh } from '@/components/live-refresh';
import { Pager } from '@/components/pager';
import { SearchField } from '@/components/search-field';
import { SleepMark } from '@/components/sleep-note';
import { Button } from '@/components/ui/button';
import { Card, Empty } from '@/components/ui/card';
import { Status } from '@/components/ui/status';
import { shortSha, timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export const metadata: Metadata = { title: 'Apps' };

type Props = { searchParams: Promise<{ page?: string; search?: string }> };

export default async function AppsPage({ searchParams }: Props) {
  const actor = await requireActor();
  const { page = '1', search = '' } = await searchParams;
  const found = await listAppPage(berth().platform, { actor, search, page: Number(page) });
  const { apps } = found;
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/changes" />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="flex-1 text-xl font-semibold">Apps</h1>
        {(found.pages > 1 || search) && <SearchField path="/" name="search" value={search} label="Part of a name" />}
        <Button look="primary" asChild>
          <Link href="/apps/new">
            <Plus /> Create app
          </Link>
        </Button>
      </div>
      <Card>
        {apps.length === 0 && (
          <Empty>
            {search ? `No app has ${search} in its name.` : 'No apps yet. Create one, push to it, and it is live.'}
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {apps.map((app) => (
            <Line key={app.id} app={app} />
          ))}
        </ul>
        <Pager path="/" query={search ? { search } : {}} name="page" {...found} />
      </Card>
    </div>
  );
}

function Line({ app }: { app: AppPage['apps'][number] }) {
  return (
    <li className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-5 py-4 hover:bg-raised/60 md:grid-cols-[minmax(12rem,1.2fr)_9rem_minmax(12rem,2fr)_minmax(12rem,1.4fr)]">
      <div className="min-w-0">
        <Link href={`/apps/${app.name}`} className="font-medium after:absolute after:inset-0">
          {app.name}
        </Link>
        <p className="text-[13px] text-muted">
          {app.team.name} · {app.environment.name}
        </p>
      </div>
      <div className="flex flex-wrap justify-end gap-2 md:justify-start">
        <Status status={app.state} />
        <SleepMark state={app.sleep} />
      </div>
      <p className="col-span-2 truncate text-sm text-muted md:col-span-1">
        {app.currentRelease ? (
          <>
            <span className="font-medium text-ink">v{app.currentRelease.version}</span>
            {app.currentRelease.commit && (
              <code className="ml-2 font-mono text-[13px]">{shortSha(app.currentRelease.commit)}</code>
            )}
            <span className="ml-2">{timeAgo(app.currentRelease.createdAt)}</span>
          </>
        ) : (
          'Nothing released so far'
        )}
      </p>
      <a
        href={app.webUrl}
        className="relative col-span-2 inline-flex min-w-0 items-center gap-1.5 truncate text-sm text-accent hover:underline md:col-span-1 md:justify-self-end"
      >
        {app.webUrl.replace('http://', '')} <ExternalLink className="size-3.5 shrink-0" />
      </a>
    </li>
  );
}

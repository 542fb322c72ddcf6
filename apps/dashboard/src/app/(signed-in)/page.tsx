import { listApps } from '@berth/platform/apps/list-apps';
import { ExternalLink, Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { LiveRefresh } from '@/components/live-refresh';
import { Button } from '@/components/ui/button';
import { Card, Empty } from '@/components/ui/card';
import { Status } from '@/components/ui/status';
import { shortSha, timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export const metadata: Metadata = { title: 'Apps' };

export default async function AppsPage() {
  const actor = await requireActor();
  const apps = await listApps(berth().platform, { actor });
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/apps" />
      <div className="flex items-center justify-between gap-4">
        <h1 className="text-xl font-semibold">Apps</h1>
        <Button look="primary" asChild>
          <Link href="/apps/new">
            <Plus /> Create app
          </Link>
        </Button>
      </div>
      <Card>
        {apps.length === 0 && <Empty>No apps yet. Create one, push to it, and it is live.</Empty>}
        <ul className="divide-y divide-line">
          {apps.map((app) => (
            <li
              key={app.id}
              className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-5 py-4 hover:bg-raised/60 md:grid-cols-[minmax(12rem,1.2fr)_9rem_minmax(12rem,2fr)_minmax(12rem,1.4fr)]"
            >
              <div className="min-w-0">
                <Link href={`/apps/${app.name}`} className="font-medium after:absolute after:inset-0">
                  {app.name}
                </Link>
                <p className="text-[13px] text-muted">
                  {app.team.name} · {app.environment.name}
                </p>
              </div>
              <div className="justify-self-end md:justify-self-start">
                <Status status={app.state} />
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
          ))}
        </ul>
      </Card>
    </div>
  );
}

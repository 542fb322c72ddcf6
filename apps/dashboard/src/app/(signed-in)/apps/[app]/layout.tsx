import { getApp } from '@berth/platform/apps/get-app';
import { ExternalLink } from 'lucide-react';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { LiveRefresh } from '@/components/live-refresh';
import { Tabs } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/status';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';

interface Props {
  params: Promise<{ app: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).app };
}

export default async function AppLayout({ params, children }: Props) {
  const actor = await requireActor();
  const app = await read(getApp(berth().platform, { actor, app: (await params).app }));
  const base = `/apps/${app.name}`;
  return (
    <div className="space-y-6">
      <LiveRefresh stream={`/api/streams/apps/${app.name}`} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="text-xl font-semibold">{app.name}</h1>
        <Status status={app.state} />
        <span className="text-sm text-muted">
          {app.team.name} · {app.environment.name}
        </span>
        <Button asChild className="sm:ml-auto">
          <a href={app.webUrl} target="_blank" rel="noreferrer">
            Open app <ExternalLink />
          </a>
        </Button>
      </div>
      {app.debugUntil && (
        <p role="status" className="rounded-lg border border-line bg-busy-soft px-4 py-2.5 text-sm">
          Debug is on until {new Date(app.debugUntil).toISOString().slice(0, 16).replace('T', ' ')} UTC: there is no
          health gate, and a process that ends is held as it is: <code>ssh {app.sshUrl}</code>
        </p>
      )}
      <Tabs
        tabs={[
          { href: base, label: 'Overview' },
          { href: `${base}/releases`, label: 'Releases' },
          { href: `${base}/config`, label: 'Config vars' },
          { href: `${base}/add-ons`, label: 'Add-ons' },
          { href: `${base}/logs`, label: 'Logs' },
          { href: `${base}/settings`, label: 'Settings' },
        ]}
      />
      {children}
    </div>
  );
}

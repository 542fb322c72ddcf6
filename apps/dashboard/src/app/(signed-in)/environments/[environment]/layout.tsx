import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ExpiryWarning } from '@/components/expiry-warning';
import { LiveRefresh } from '@/components/live-refresh';
import { Tabs } from '@/components/tabs';
import { Status } from '@/components/ui/status';
import { timeAgo } from '@/lib/format';
import { findProject } from '@/lib/project';
import { keepLongerAction } from './actions';

interface Props {
  params: Promise<{ environment: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).environment };
}

export default async function ProjectLayout({ params, children }: Props) {
  const project = await findProject((await params).environment);
  const { name, base, team, owner, status, expiresAt, warnedAt } = project;
  const path = `/environments/${name}`;
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/changes" />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">{name}</h1>
        <Status status={status} />
        <p className="text-sm text-muted">
          project environment of {team.name} on{' '}
          <Link href={`/teams/${team.name}/environments/${base.name}`} className="hover:underline">
            {base.name}
          </Link>
          {owner && ` · ${owner.email}`}
          {expiresAt && ` · goes ${timeAgo(expiresAt)}`}
        </p>
      </div>
      {warnedAt && expiresAt && <ExpiryWarning expiresAt={expiresAt} keepLonger={keepLongerAction.bind(null, name)} />}
      <Tabs
        tabs={[
          { href: path, label: 'Overview' },
          { href: `${path}/config`, label: 'Config vars' },
        ]}
      />
      {children}
    </div>
  );
}

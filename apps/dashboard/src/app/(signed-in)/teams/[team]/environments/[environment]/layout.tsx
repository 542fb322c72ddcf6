import { getEnvironment } from '@berth/platform/environments/get-environment';
import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Tabs } from '@/components/tabs';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';

interface Props {
  params: Promise<{ team: string; environment: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).environment };
}

export default async function StableLayout({ params, children }: Props) {
  const actor = await requireActor();
  const { name, team, apps } = await read(getEnvironment(berth().platform, { actor, ...(await params) }));
  const path = `/teams/${team.name}/environments/${name}`;
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">{name}</h1>
        <p className="text-sm text-muted">
          stable environment of{' '}
          <Link href={`/teams/${team.name}`} className="hover:underline">
            {team.name}
          </Link>{' '}
          · {apps === 1 ? '1 app' : `${apps} apps`}
        </p>
      </div>
      <Tabs
        tabs={[
          { href: path, label: 'Policy' },
          { href: `${path}/config`, label: 'Config vars' },
        ]}
      />
      {children}
    </div>
  );
}

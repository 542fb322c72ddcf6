import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Tabs } from '@/components/tabs';
import { roleIn } from '@/lib/role-in';

interface Props {
  params: Promise<{ team: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).team };
}

export default async function TeamLayout({ params, children }: Props) {
  const { team } = await params;
  const role = await roleIn(team);
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">{team}</h1>
        <p className="text-sm text-muted">
          team · you are {role === 'admin' || role === 'owner' ? 'an' : 'a'} {role}
        </p>
      </div>
      <Tabs
        tabs={[
          { href: `/teams/${team}`, label: 'Cost and quotas' },
          { href: `/teams/${team}/differences`, label: 'Differences' },
        ]}
      />
      {children}
    </div>
  );
}

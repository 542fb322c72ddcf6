import { getProject } from '@berth/platform/projects/get-project';
import type { Metadata } from 'next';
import Link from 'next/link';
import { ActionButton } from '@/components/action-button';
import { DestroyDialog } from '@/components/destroy-dialog';
import { LiveRefresh } from '@/components/live-refresh';
import { ProjectServices } from '@/components/project-services';
import { Card, Problem } from '@/components/ui/card';
import { Status } from '@/components/ui/status';
import { timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';
import { destroyEnvironmentAction, extendAction } from './actions';

type Props = { params: Promise<{ environment: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).environment };
}

const extensionHours = 24;

export default async function EnvironmentPage({ params }: Props) {
  const actor = await requireActor();
  const { environment } = await params;
  const project = await read(getProject(berth().platform, { actor, environment }));
  const { name, base, team, owner, status, message, expiresAt, services, fallbacks } = project;
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/apps" />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">{name}</h1>
        <Status status={status} />
        <p className="text-sm text-muted">
          project environment of {team.name} on {base.name}
          {owner && ` · ${owner.email}`}
          {expiresAt && ` · goes ${timeAgo(expiresAt)}`}
        </p>
      </div>
      {message && <Problem>{message}</Problem>}
      <Card title="Services of its own">
        <ProjectServices services={services} />
      </Card>
      <Card title={`Answered by ${base.name}`} hint="Services that this environment does not have">
        <ul className="divide-y divide-line">
          {fallbacks.map(({ service, app }) => (
            <li key={service} className="flex items-center justify-between gap-4 px-5 py-3 text-sm">
              <span>{service}</span>
              {app ? (
                <Link href={`/apps/${app.name}`} className="text-accent hover:underline">
                  → {app.name}
                </Link>
              ) : (
                <span className="text-muted">nobody answers</span>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <div className="flex flex-wrap gap-3">
        <ActionButton action={extendAction.bind(null, name, extensionHours)}>Keep it a day longer</ActionButton>
        <DestroyDialog
          noun="environment"
          name={name}
          text="Its apps and everything that they made are removed."
          action={destroyEnvironmentAction.bind(null, name)}
        />
      </div>
    </div>
  );
}

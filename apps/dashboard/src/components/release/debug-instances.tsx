import { sshUrl } from '@berth/platform/addresses';
import type { AppView } from '@berth/platform/apps/app-view';
import { listOneOffs } from '@berth/platform/one-offs/list-one-offs';
import type { ReleaseView } from '@berth/platform/releases/release-view';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { debugReleaseAction, endDebugAction } from '../../app/(signed-in)/apps/[app]/actions';
import { ActionButton } from '../action-button';
import { Commands } from '../commands';
import { Card, Empty } from '../ui/card';
import { Status } from '../ui/status';

/** Starts a release's process beside what is live, to look at it; those that are there, with the way in. */
export async function DebugInstances({ app, release }: { app: AppView; release: ReleaseView }) {
  const actor = await requireActor();
  const { platform } = berth();
  const all = await listOneOffs(platform, { actor, app: app.id });
  const instances = all.filter((one) => one.processType === 'debug' && one.release?.id === release.id);
  return (
    <Card
      title="Debug"
      hint="Its web process beside what is live, for four hours"
      action={
        <ActionButton action={debugReleaseAction.bind(null, app.name, release.version)} size="small">
          Start one
        </ActionButton>
      }
    >
      {instances.length === 0 && <Empty>None runs. It gets no requests; a shell leads into it.</Empty>}
      <ul className="divide-y divide-line">
        {instances.map(({ id, name, status }) => (
          <li key={id} className="space-y-2 px-5 py-3" data-debug={name}>
            <div className="flex items-center gap-3 text-sm">
              <code className="font-mono">{name}</code>
              <Status status={status} />
              <span className="flex-1" />
              <ActionButton action={endDebugAction.bind(null, app.name, name)} look="quiet" size="small">
                End
              </ActionButton>
            </div>
            <Commands lines={[`ssh ${sshUrl(platform.addresses, `${app.name}.${name}`)}`]} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

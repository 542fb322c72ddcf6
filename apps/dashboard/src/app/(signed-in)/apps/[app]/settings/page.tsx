import { debugMinutes, debugMinutesMax } from '@berth/domain/debug-deploy';
import { getApp } from '@berth/platform/apps/get-app';
import { ActionForm } from '@/components/action-form';
import { Commands } from '@/components/commands';
import { DestroyDialog } from '@/components/destroy-dialog';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/input';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';
import { destroyAppAction, setDebugAction, setMaintenanceAction } from '../actions';

export default async function SettingsPage({ params }: { params: Promise<{ app: string }> }) {
  const actor = await requireActor();
  const app = await read(getApp(berth().platform, { actor, app: (await params).app }));
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      <Card
        title="Git remote"
        hint={`Pushes to ${app.deployBranch ?? 'main or master'} are built; other branches are only stored.`}
      >
        <div className="p-5">
          <Commands lines={[`git remote add berth ${app.gitUrl}`]} />
        </div>
      </Card>
      <Card title="Maintenance" hint="Visitors see a page that says so; instances go on running.">
        <ActionForm action={setMaintenanceAction.bind(null, app.name, !app.maintenance)} className="p-5">
          <Button>{app.maintenance ? 'End maintenance' : 'Start maintenance'}</Button>
        </ActionForm>
      </Card>
      <Card
        title="Debug"
        hint="For some time there is no health gate, and a process that ends is held as it is, for ssh. What runs is started anew."
      >
        <ActionForm
          action={setDebugAction.bind(null, app.name, app.debugUntil === null)}
          className="flex flex-wrap items-end gap-3 p-5"
        >
          {app.debugUntil === null && (
            <Field label="Minutes">
              <Input name="minutes" type="number" min={1} max={debugMinutesMax} defaultValue={debugMinutes} required />
            </Field>
          )}
          <Button>{app.debugUntil === null ? 'Start debugging' : 'End debugging'}</Button>
        </ActionForm>
      </Card>
      <Card
        title="Destroy"
        hint="Removes the app with its releases, config vars and logs. There is no way back."
        className="border-bad/40"
      >
        <div className="p-5">
          <DestroyDialog
            noun="app"
            name={app.name}
            text="Its instances are stopped and everything it has is removed."
            action={destroyAppAction.bind(null, app.name)}
          />
        </div>
      </Card>
    </div>
  );
}

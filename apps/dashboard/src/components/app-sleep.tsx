import type { AppView } from '@berth/platform/apps/app-view';
import { getSleep } from '@berth/platform/sleep/get-sleep';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { sleepAction, wakeAction } from '../app/(signed-in)/apps/[app]/actions';
import { ActionButton } from './action-button';
import { SleepNote } from './sleep-note';
import { Card } from './ui/card';

/** Where an app stands on the ladder of sleep, and what its sleeps have saved; by hand it goes down or up. */
export async function AppSleep({ app: { id, name } }: { app: AppView }) {
  const actor = await requireActor();
  const sleep = await getSleep(berth().platform, { actor, app: id });
  const isAwake = sleep.state === 'awake';
  return (
    <Card
      title="Sleep"
      action={
        <ActionButton action={isAwake ? sleepAction.bind(null, name) : wakeAction.bind(null, name)} size="small">
          {isAwake ? 'Put to sleep' : 'Wake'}
        </ActionButton>
      }
    >
      <div className="px-5 py-4">
        <SleepNote sleep={sleep} />
      </div>
    </Card>
  );
}

import type { AppView } from '@berth/platform/apps/app-view';
import { listFormation } from '@berth/platform/formation/list-formation';
import { listInstances } from '@berth/platform/instances/list-instances';
import { timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { restartAction, scaleAction } from '../app/(signed-in)/apps/[app]/actions';
import { ActionButton } from './action-button';
import { ActionForm } from './action-form';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';
import { Input } from './ui/input';
import { Status } from './ui/status';

/** The process types of an app with their quantity, and what runs of each. */
export async function Instances({ app }: { app: AppView }) {
  const actor = await requireActor();
  const { platform } = berth();
  const [formation, instances] = await Promise.all([
    listFormation(platform, { actor, app: app.id }),
    listInstances(platform, { actor, app: app.id }),
  ]);
  return (
    <Card
      title="Processes"
      action={
        formation.length > 0 && (
          <ActionButton action={restartAction.bind(null, app.name)} size="small">
            Restart
          </ActionButton>
        )
      }
    >
      {formation.length === 0 && <Empty>Process types come with the first release.</Empty>}
      <ul className="divide-y divide-line">
        {formation.map((type) => (
          <li key={type.processType} className="space-y-2 px-5 py-3.5">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <div className="min-w-0 flex-1">
                <p className="text-sm font-medium">{type.processType}</p>
                <code className="block truncate font-mono text-[13px] text-muted">{type.command}</code>
              </div>
              <ActionForm
                action={scaleAction.bind(null, app.name, type.processType)}
                className="flex items-center gap-2"
              >
                <Input
                  name="quantity"
                  type="number"
                  min={0}
                  max={100}
                  defaultValue={type.quantity}
                  aria-label={`Quantity of ${type.processType}`}
                  className="h-8 w-18"
                />
                <Button size="small">Scale</Button>
              </ActionForm>
            </div>
            {instances
              .filter(({ processType }) => processType === type.processType)
              .map((instance) => (
                <div key={instance.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-muted">
                  <code className="w-20 font-mono text-ink">{instance.name}</code>
                  <Status status={instance.state} />
                  <span>v{instance.releaseVersion}</span>
                  <span>{timeAgo(instance.updatedAt)}</span>
                  {instance.message && <span className="text-bad">{instance.message}</span>}
                </div>
              ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

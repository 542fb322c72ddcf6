import { listAddOns } from '@berth/platform/add-ons/list-add-ons';
import { getApp } from '@berth/platform/apps/get-app';
import { mayDo } from '@berth/platform/auth/rights';
import { listOrigins } from '@berth/platform/config-vars/list-origins';
import { AddOnList } from '@/components/add-ons/add-on-list';
import { AttachAddOn } from '@/components/add-ons/attach-add-on';
import { NewAddOn } from '@/components/add-ons/new-add-on';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { roleIn } from '@/lib/role-in';
import { requireActor } from '@/lib/session';

export default async function AddOnsPage({ params }: { params: Promise<{ app: string }> }) {
  const actor = await requireActor();
  const { platform } = berth();
  const app = await read(getApp(platform, { actor, app: (await params).app }));
  const [addOns, all, vars, role] = await Promise.all([
    listAddOns(platform, { actor, app: app.id }),
    listAddOns(platform, { actor }),
    listOrigins(platform, { actor, app: app.id }),
    roleIn(app.team.id),
  ]);
  const mayChange = mayDo(role, 'add-on.create');
  // Within the team, and a volume is one app's only.
  const others = all
    .filter(({ teamId }) => teamId === app.team.id)
    .filter(({ mountPath, app: of }) => mountPath === null || of?.id === app.id)
    .filter(({ attachments }) => !attachments.some((one) => one.app.id === app.id));
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[3fr_2fr]">
      <AddOnList
        app={app}
        addOns={addOns}
        vars={vars}
        mayChange={mayChange}
        mayDestroy={mayDo(role, 'add-on.destroy')}
      />
      {mayChange && (
        <div className="min-w-0 space-y-6">
          <NewAddOn app={app} />
          {others.length > 0 && <AttachAddOn app={app} addOns={others} />}
        </div>
      )}
    </div>
  );
}

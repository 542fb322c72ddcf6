import { listOrigins } from '@berth/platform/config-vars/list-origins';
import { ActionForm } from '@/components/action-form';
import { NewVar } from '@/components/new-var';
import { Button } from '@/components/ui/button';
import { Card, Empty } from '@/components/ui/card';
import { VarValue } from '@/components/var-value';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';
import { setConfigVarAction, unsetConfigVarAction } from '../actions';

export default async function ConfigPage({ params }: { params: Promise<{ app: string }> }) {
  const actor = await requireActor();
  const { app } = await params;
  const vars = await read(listOrigins(berth().platform, { actor, app }));
  return (
    <Card title="Config vars" hint="Encrypted at rest. Each change makes a release and starts new instances.">
      {vars.length === 0 && <Empty>No config vars yet.</Empty>}
      <ul className="divide-y divide-line">
        {vars.map(({ key, value, isSecret, origin, from }) => (
          <li key={key} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2.5">
            <code className="w-full font-mono text-[13px] font-medium break-all sm:w-64">{key}</code>
            <VarValue value={value} isSecret={isSecret} />
            {origin === 'app' ? (
              <ActionForm action={unsetConfigVarAction.bind(null, app, key)}>
                <Button look="quiet" size="small">
                  Remove
                </Button>
              </ActionForm>
            ) : (
              <span className="text-[13px] text-muted">{origin === 'berth' ? 'by Berth' : `${origin} ${from}`}</span>
            )}
          </li>
        ))}
      </ul>
      <NewVar action={setConfigVarAction.bind(null, app)} />
    </Card>
  );
}

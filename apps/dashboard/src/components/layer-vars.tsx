import { type Layer, mergeLayers } from '@/lib/merge-layers';
import { ActionForm, type FormAction } from './action-form';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';
import { Input } from './ui/input';
import { VarValue } from './var-value';

/** What an environment gives to all of its apps, each var with its origin; its admins change its own layer. */
export function LayerVars(props: {
  layers: readonly Layer[];
  mayChange: boolean;
  setAction: FormAction;
  removeAction: (key: string) => ReturnType<FormAction>;
}) {
  const { layers, mayChange, setAction, removeAction } = props;
  const rows = mergeLayers(layers);
  return (
    <Card
      title="Config vars of the environment"
      hint="Given to all of its apps; an app’s own config var of the same name wins. A change makes a release of each app that it reaches."
    >
      {rows.length === 0 && <Empty>No config vars yet. What is set here reaches all apps of the environment.</Empty>}
      <ul className="divide-y divide-line">
        {rows.map(({ key, value, isSecret, origin, isNearest, hides }) => (
          <li key={key} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2.5">
            <code className="w-full font-mono text-[13px] font-medium break-all sm:w-64">{key}</code>
            <VarValue value={value} isSecret={isSecret} />
            <span className="text-[13px] text-muted">
              {origin}
              {hides.length > 0 && `, hides that of ${hides.join(' and ')}`}
            </span>
            {isNearest && mayChange && (
              <ActionForm action={removeAction.bind(null, key)}>
                <Button look="quiet" size="small" aria-label={`Remove ${key}`}>
                  Remove
                </Button>
              </ActionForm>
            )}
          </li>
        ))}
      </ul>
      {mayChange && <NewVar action={setAction} />}
    </Card>
  );
}

function NewVar({ action }: { action: FormAction }) {
  return (
    <ActionForm action={action} className="flex flex-wrap items-center gap-3 border-t border-line bg-raised/50 p-5">
      <Input name="key" placeholder="KEY" aria-label="Key" required className="font-mono sm:w-64" autoComplete="off" />
      <Input
        name="value"
        placeholder="value"
        aria-label="Value"
        className="flex-1 basis-48 font-mono"
        autoComplete="off"
      />
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" name="secret" defaultChecked /> Secret
      </label>
      <Button look="primary">Set</Button>
    </ActionForm>
  );
}

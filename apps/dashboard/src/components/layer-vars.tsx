import { type Layer, mergeLayers } from '@/lib/merge-layers';
import { ActionForm, type FormAction } from './action-form';
import { NewVar } from './new-var';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';
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
      {mayChange && (
        <NewVar action={setAction}>
          <label className="flex items-center gap-2 text-sm">
            <input type="checkbox" name="secret" defaultChecked /> Secret
          </label>
        </NewVar>
      )}
    </Card>
  );
}

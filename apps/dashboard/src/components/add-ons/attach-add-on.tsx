import type { AddOnView } from '@berth/platform/add-ons/list-add-ons';
import type { AppView } from '@berth/platform/apps/app-view';
import { addOnText } from '@/lib/plan-text';
import { attachAddOnAction } from '../../app/(signed-in)/apps/[app]/actions';
import { ActionForm } from '../action-form';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Field, Input } from '../ui/input';
import { Select } from '../ui/select';

/** Gives an app one of the team's add-ons that are there; who has it then share its data. */
export function AttachAddOn({ app, addOns }: { app: AppView; addOns: readonly AddOnView[] }) {
  return (
    <Card title="Attach one that is there" hint="Apps that have the same add-on share its data">
      <ActionForm action={attachAddOnAction.bind(null, app.name)} className="grid items-start gap-4 p-5 sm:grid-cols-2">
        <Field label="Add-on">
          <Select name="addOn">
            {addOns.map((addOn) => (
              <option key={addOn.id} value={addOn.name}>
                {addOn.name}
                {addOn.app && addOn.app.id !== app.id && ` of ${addOn.app.name}`}, {addOnText(addOn)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="As" hint="Empty: the usual name, which is free">
          <Input name="as" autoComplete="off" placeholder="DATABASE" className="font-mono" />
        </Field>
        <div className="sm:col-span-2">
          <Button>Attach</Button>
        </div>
      </ActionForm>
    </Card>
  );
}

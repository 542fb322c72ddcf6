import { addOnServices } from '@berth/domain/add-on-plans';
import { defaultMountPath } from '@berth/domain/mount-path';
import type { AppView } from '@berth/platform/apps/app-view';
import { kindNames, planText } from '@/lib/plan-text';
import { createAddOnAction } from '../../app/(signed-in)/apps/[app]/actions';
import { ActionForm } from '../action-form';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Field, Input } from '../ui/input';
import { Select } from '../ui/select';

/** Makes an add-on of an app, attached to it. */
export function NewAddOn({ app: { name } }: { app: AppView }) {
  return (
    <Card title="Add one" hint="Its release waits until it is there">
      <ActionForm action={createAddOnAction.bind(null, name)} className="grid items-start gap-4 p-5 sm:grid-cols-2">
        <div className="sm:col-span-2">
          <Field label="Plan" hint={`Volumes of any size: heroku addons:create berth-volume:7gb -a ${name}`}>
            <Select name="plan">
              {addOnServices.map((service) => (
                <optgroup key={service.name} label={kindNames[service.plans[0].kind]}>
                  {service.plans.map((plan) => (
                    <option key={plan.name} value={`${service.name}:${plan.name}`}>
                      {kindNames[plan.kind]}: {planText(plan)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          </Field>
        </div>
        <Field label="Name" hint="Empty: one is made up">
          <Input name="name" autoComplete="off" />
        </Field>
        <Field label="Attached as" hint="DATABASE makes DATABASE_URL, which is the usual one">
          <Input name="as" autoComplete="off" placeholder="DATABASE" className="font-mono" />
        </Field>
        <Field label="Path" hint="Of a volume: where the app finds it">
          <Input name="path" autoComplete="off" placeholder={defaultMountPath} className="font-mono" />
        </Field>
        <div className="sm:col-span-2">
          <Button look="primary">Add</Button>
        </div>
      </ActionForm>
    </Card>
  );
}

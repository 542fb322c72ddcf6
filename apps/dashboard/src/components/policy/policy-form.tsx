import { defaultSize, sizes } from '@berth/domain/sizes';
import type { EnvironmentView } from '@berth/platform/environments/list-environments';
import type { FormAction } from '../action-form';
import { Field, Input, Textarea } from '../ui/input';
import { Select } from '../ui/select';
import { WindowsField } from '../windows-field';
import { SettingsForm } from './settings-form';

/** Who may deploy to an environment, how, and when; read-only for who may not change it. */
export function PolicyForm(props: { environment: EnvironmentView; mayChange: boolean; action: FormAction }) {
  const { environment, mayChange, action } = props;
  const { deployRole, approvals, gates, windows, quantityMax, size } = environment.policy;
  return (
    <SettingsForm
      title="Deploys"
      hint="What is deployed from now on follows it; what runs goes on"
      mayChange={mayChange}
      action={action}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Who may deploy" hint="The least role">
          <Select name="deployRole" defaultValue={deployRole}>
            <option value="member">members</option>
            <option value="admin">admins</option>
            <option value="owner">owners</option>
          </Select>
        </Field>
        <Field label="Approvals" hint="Other people a promotion waits for">
          <Input name="approvals" type="number" min={0} max={5} defaultValue={approvals} required />
        </Field>
        <Field label="Most instances" hint="Of one process type; empty: no limit">
          <Input name="quantityMax" type="number" min={1} max={100} defaultValue={quantityMax ?? ''} />
        </Field>
        <Field label="First size" hint="Of process types whose app names none">
          <Select name="size" defaultValue={size ?? ''}>
            <option value="">{`the usual (${defaultSize})`}</option>
            {sizes.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
      </div>
      <Field
        label="Gates"
        hint="One a line: a path that the app promoted from answers, or $ and a command in its release"
      >
        <Textarea
          name="gates"
          className="min-h-16"
          placeholder={'/health\n$ npm run smoke'}
          defaultValue={gates.map((gate) => ('path' in gate ? gate.path : `$ ${gate.command}`)).join('\n')}
        />
      </Field>
      <WindowsField
        key={JSON.stringify(windows)}
        name="windows"
        label="Deploy window"
        hint="Deploys happen only then, by the clock of that place; none: at any time"
        windows={windows}
      />
    </SettingsForm>
  );
}

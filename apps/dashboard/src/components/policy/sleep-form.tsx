import type { SleepPolicy } from '@berth/domain/sleep-policy';
import type { FormAction } from '../action-form';
import { Field, Input } from '../ui/input';
import { WindowsField } from '../windows-field';
import { SettingsForm } from './settings-form';

/** When the apps of an environment fall asleep. */
export function SleepForm(props: { policy: SleepPolicy; mayChange: boolean; action: FormAction }) {
  const { policy, mayChange, action } = props;
  return (
    <SettingsForm
      title="Sleep"
      hint="An app that nobody uses gives its memory back and is there again with the next request"
      mayChange={mayChange}
      action={action}
    >
      <Field label="Asleep after, minutes" hint="Without a request; empty: never">
        <Input
          name="afterMinutes"
          type="number"
          min={1}
          max={43_200}
          defaultValue={policy.afterMinutes ?? ''}
          placeholder="never"
        />
      </Field>
      <WindowsField
        key={JSON.stringify(policy.awake)}
        name="awake"
        label="Office hours"
        hint="Nothing falls asleep then, and what sleeps is woken"
        windows={policy.awake}
      />
    </SettingsForm>
  );
}

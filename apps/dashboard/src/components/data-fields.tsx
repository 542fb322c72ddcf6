import type { BaseAddOn } from '@berth/platform/add-ons/list-base-add-ons';
import { Field, Textarea } from './ui/input';
import { Select } from './ui/select';

/**
 * What a project environment gets of its base's data: `data` for all, `data-<environment>-<add-on>` for one that differs, and
 * `mask-<environment>-<add-on>`; only those of the base that is chosen count.
 */
export function DataFields({ addOns }: { addOns: readonly BaseAddOn[] }) {
  if (addOns.length === 0) return null;
  return (
    <fieldset className="min-w-0 space-y-3">
      <legend className="mb-1.5 text-sm font-medium">Data</legend>
      <Field label="Of each add-on" hint="A copy is of what is there at that moment.">
        <Select name="data">
          <Policies />
        </Select>
      </Field>
      <details>
        <summary className="cursor-pointer text-sm text-muted">One by one</summary>
        <div className="space-y-3 pt-3">
          {addOns.map((addOn) => (
            <OneByOne key={`${addOn.environment} ${addOn.name}`} addOn={addOn} />
          ))}
        </div>
      </details>
    </fieldset>
  );
}

function OneByOne({ addOn: { environment, name, services, isDatabase } }: { addOn: BaseAddOn }) {
  return (
    <>
      <Field label={`${name} of ${environment}`} hint={`Used by ${services.join(', ')}`}>
        <Select name={`data-${environment}-${name}`}>
          <option value="">as above</option>
          <Policies />
        </Select>
      </Field>
      {isDatabase && (
        <Field label={`Mask of ${name} of ${environment}`} hint="SQL that runs on a copy before anyone can connect.">
          <Textarea name={`mask-${environment}-${name}`} spellCheck={false} />
        </Field>
      )}
    </>
  );
}

function Policies() {
  return (
    <>
      <option value="share">share it: both write to the same data</option>
      <option value="empty">an empty one of its own</option>
      <option value="copy">a copy of its own</option>
    </>
  );
}

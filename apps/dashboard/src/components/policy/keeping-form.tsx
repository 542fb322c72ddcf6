import { retentionBounds } from '@berth/domain/retention-bounds';
import type { EnvironmentView } from '@berth/platform/environments/list-environments';
import type { FormAction } from '../action-form';
import { Field, Input } from '../ui/input';
import { Select } from '../ui/select';
import { SettingsForm } from './settings-form';

/** Where images come from, and what is kept of what was. */
export function KeepingForm(props: {
  environment: EnvironmentView;
  mayChange: boolean;
  hasProductionRegistry: boolean;
  action: FormAction;
}) {
  const { environment, mayChange, hasProductionRegistry, action } = props;
  const { registry, keptReleases, keptDays, keptLines } = environment;
  return (
    <SettingsForm
      title="Images, logs and history"
      hint="Log lines within a minute, the rest from the next collection on"
      mayChange={mayChange}
      action={action}
    >
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Field label="Releases kept" hint="Of each app, for rollbacks">
          <Input name="keptReleases" type="number" min={1} max={1_000} defaultValue={keptReleases} required />
        </Field>
        <Field label="Days kept" hint="Log lines, outputs, events">
          <Input name="keptDays" type="number" min={1} max={3_650} defaultValue={keptDays} required />
        </Field>
        <Field label="Log lines kept" hint="Of each app, in memory">
          <Input
            name="keptLines"
            type="number"
            min={retentionBounds.keptLines.least}
            max={retentionBounds.keptLines.most}
            defaultValue={keptLines}
            required
          />
        </Field>
        {hasProductionRegistry && (
          <Field label="Registry" hint="For its next releases">
            <Select name="registry" defaultValue={registry}>
              <option value="dev">development</option>
              <option value="production">production</option>
            </Select>
          </Field>
        )}
      </div>
    </SettingsForm>
  );
}

import type { EnvironmentPolicy } from '@berth/domain/environment-policy';
import { timeAgo } from '@/lib/format';
import { ActionButton } from '../action-button';
import { ActionForm, type FormAction } from '../action-form';
import { LocalTimeInput } from '../local-time-input';
import { Button } from '../ui/button';
import { Card, Problem } from '../ui/card';
import { Field, Input } from '../ui/input';

/** A stop for all deploys, with the reason that everybody reads who is refused. `freeze`: the one that lasts now. */
export function FreezeCard(props: {
  name: string;
  freeze: EnvironmentPolicy['freeze'];
  mayChange: boolean;
  freezeAction: FormAction;
  endAction: FormAction;
}) {
  const { name, freeze, mayChange, freezeAction, endAction } = props;
  return (
    <Card title="Freeze" hint="No push, promotion, config change or rollback by members, until it ends">
      <div className="space-y-4 p-5">
        {freeze && (
          <>
            <Problem>
              {name} is frozen{freeze.until ? `; it ends ${timeAgo(freeze.until)}` : ''}: {freeze.reason}
            </Problem>
            {mayChange && <ActionButton action={endAction}>End the freeze</ActionButton>}
          </>
        )}
        {!freeze && !mayChange && <p className="text-sm text-muted">{name} is not frozen.</p>}
        {!freeze && mayChange && (
          <ActionForm action={freezeAction} className="grid items-start gap-4 sm:grid-cols-[3fr_2fr]">
            <Field label="Reason" hint="Who is refused reads it">
              <Input name="reason" maxLength={200} required autoComplete="off" placeholder="Christmas" />
            </Field>
            <Field label="Until" hint="Empty: till somebody ends it">
              <LocalTimeInput name="until" />
            </Field>
            <div>
              <Button>Freeze deploys</Button>
            </div>
          </ActionForm>
        )}
      </div>
    </Card>
  );
}

import type { ReactNode } from 'react';
import { ActionForm, type FormAction } from '../action-form';
import { Button } from '../ui/button';
import { Card } from '../ui/card';

/** Settings that are saved together; read-only for who may not change them. */
export function SettingsForm(props: {
  title: string;
  hint: string;
  mayChange: boolean;
  action: FormAction;
  children: ReactNode;
}) {
  const { title, hint, mayChange, action, children } = props;
  return (
    <Card title={title} hint={hint}>
      <ActionForm action={action} className="p-5">
        <fieldset disabled={!mayChange} className="min-w-0 space-y-4">
          {children}
          {mayChange && <Button look="primary">Save</Button>}
        </fieldset>
      </ActionForm>
    </Card>
  );
}

import type { ReactNode } from 'react';
import { ActionForm, type FormAction } from './action-form';
import { Button } from './ui/button';
import { Input } from './ui/input';

/** Key and value of a config var to be set, `children` between them and the button. */
export function NewVar({ action, children }: { action: FormAction; children?: ReactNode }) {
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
      {children}
      <Button look="primary">Set</Button>
    </ActionForm>
  );
}

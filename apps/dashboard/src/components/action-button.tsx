'use client';

import type { ComponentProps } from 'react';
import { ActionForm, type FormAction } from './action-form';
import { Button } from './ui/button';

/** One button that runs one server action, after a question when `confirm` is given. */
export function ActionButton({
  action,
  confirm,
  ...button
}: ComponentProps<typeof Button> & { action: FormAction; confirm?: string }) {
  return (
    <ActionForm action={action}>
      <Button
        {...button}
        onClick={(event) => {
          if (confirm && !window.confirm(confirm)) event.preventDefault();
        }}
      />
    </ActionForm>
  );
}

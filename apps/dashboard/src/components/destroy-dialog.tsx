import type { ComponentProps } from 'react';
import { ActionForm, type FormAction } from './action-form';
import { Button } from './ui/button';
import { Dialog, DialogClose } from './ui/dialog';
import { Field, Input } from './ui/input';

/** Asks for the name of what is to be destroyed; the form sends it as `confirm`. */
export function DestroyDialog(props: {
  noun: string;
  name: string;
  text: string;
  action: FormAction;
  size?: ComponentProps<typeof Button>['size'];
}) {
  const { noun, name, text, action, size } = props;
  return (
    <Dialog
      trigger={
        <Button look="danger" size={size}>
          Destroy {noun}
        </Button>
      }
      title={`Destroy ${name}?`}
      text={`${text} Type its name to go on.`}
    >
      <ActionForm action={action} className="grid gap-4">
        <Field label={`Name of the ${noun}`}>
          <Input name="confirm" autoComplete="off" placeholder={name} required />
        </Field>
        <div className="flex justify-end gap-3">
          <DialogClose asChild>
            <Button type="button">Keep it</Button>
          </DialogClose>
          <Button look="danger">Destroy</Button>
        </div>
      </ActionForm>
    </Dialog>
  );
}

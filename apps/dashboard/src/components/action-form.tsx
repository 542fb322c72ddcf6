'use client';

import { type ReactNode, type SubmitEvent, startTransition, useActionState } from 'react';
import type { ActionState } from '@/lib/act';
import { Problem } from './ui/card';

export type FormAction = (state: ActionState, form: FormData) => Promise<ActionState>;

/**
 * A form that runs a server action, shows its one sentence when it fails, with what was typed still there, and is emptied when it
 * succeeded.
 */
export function ActionForm(props: { action: FormAction; children: ReactNode; className?: string }) {
  const [state, run, isPending] = useActionState(props.action, {});
  // React empties a form whose `action` it ran, also after a failure; `action` is for before the page's code is there.
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget, event.nativeEvent.submitter);
    startTransition(() => run(form));
  };
  return (
    <form action={run} onSubmit={submit} className={props.className} key={state.done}>
      <fieldset disabled={isPending} className="contents">
        {props.children}
      </fieldset>
      {state.error && (
        <div className="basis-full pt-2">
          <Problem>{state.error}</Problem>
        </div>
      )}
    </form>
  );
}

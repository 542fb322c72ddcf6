'use client';

import { type ReactNode, useActionState } from 'react';
import type { ActionState } from '@/lib/act';
import { Problem } from './ui/card';

export type FormAction = (state: ActionState, form: FormData) => Promise<ActionState>;

/** A form that runs a server action, shows its one sentence when it fails, and is emptied when it succeeded. */
export function ActionForm(props: { action: FormAction; children: ReactNode; className?: string }) {
  const [state, run, isPending] = useActionState(props.action, {});
  return (
    <form action={run} className={props.className} key={state.done}>
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

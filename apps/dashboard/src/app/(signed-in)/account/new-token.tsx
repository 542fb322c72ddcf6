'use client';

import { useActionState } from 'react';
import { Commands } from '@/components/commands';
import { Button } from '@/components/ui/button';
import { Problem } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { createTokenAction } from './actions';

/** Makes a token and shows it this once. */
export function NewToken() {
  const [state, run, isPending] = useActionState(createTokenAction, {});
  return (
    <form action={run} className="space-y-3 border-t border-line bg-raised/50 p-5">
      <div className="flex gap-3">
        <Input
          name="description"
          aria-label="What it is for"
          placeholder="What it is for"
          required
          autoComplete="off"
        />
        <Button look="primary" disabled={isPending}>
          Make token
        </Button>
      </div>
      {state.error && <Problem>{state.error}</Problem>}
      {state.shown && (
        <div className="space-y-1.5">
          <p className="text-[13px] text-muted">Copy it now; it is not shown again.</p>
          <Commands lines={[state.shown]} />
        </div>
      )}
    </form>
  );
}

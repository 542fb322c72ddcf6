'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Problem } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/input';

/** @param to the path that it goes on to; by a page load, since that one may lead to another host */
export function SignInForm({ to }: { to: string }) {
  const [problem, setProblem] = useState('');
  const [isPending, setPending] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setProblem('');
    const answer = await fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: form.get('email'), password: form.get('password') }),
    }).catch(() => undefined);
    if (answer?.ok) {
      window.location.assign(to);
      return;
    }
    setPending(false);
    if (!answer || answer.status >= 500) setProblem('Berth does not answer right now. Try again in a moment.');
    else if (answer.status === 429) setProblem('Too many tries. Wait a minute.');
    else setProblem('This e-mail address and password do not belong together.');
  };

  return (
    <form onSubmit={submit} className="space-y-4">
      <h1 className="text-lg font-semibold">Sign in</h1>
      <Field label="E-mail">
        <Input name="email" type="email" autoComplete="username" required autoFocus />
      </Field>
      <Field label="Password">
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      {problem && <Problem>{problem}</Problem>}
      <Button look="primary" className="w-full" disabled={isPending}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}

import type { Metadata } from 'next';
import { ActionForm } from '@/components/action-form';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/input';
import { Wordmark } from '@/components/wordmark';
import { findSession } from '@/lib/session';
import { acceptInvitationAction, joinTeamAction } from './actions';

export const metadata: Metadata = { title: 'Invitation' };

export default async function InvitationPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  const session = await findSession();
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="w-full max-w-sm space-y-6">
        <Wordmark />
        <div className="rounded-xl border border-line bg-surface p-6">
          {session ? <JoinForm secret={secret} email={session.email} /> : <NewAccountForm secret={secret} />}
        </div>
      </div>
    </main>
  );
}

function JoinForm({ secret, email }: { secret: string; email: string }) {
  return (
    <ActionForm action={joinTeamAction.bind(null, secret)} className="grid gap-4">
      <h1 className="text-lg font-semibold">Join the team</h1>
      <p className="text-sm text-muted">You are signed in as {email}.</p>
      <Button look="primary" className="w-full">
        Join as {email}
      </Button>
    </ActionForm>
  );
}

function NewAccountForm({ secret }: { secret: string }) {
  return (
    <ActionForm action={acceptInvitationAction.bind(null, secret)} className="grid gap-4">
      <h1 className="text-lg font-semibold">Join the team</h1>
      <p className="text-sm text-muted">
        If you have an account,{' '}
        <a href="/sign-in" className="underline">
          sign in
        </a>{' '}
        first and open this link again.
      </p>
      <Field label="Your name">
        <Input name="name" autoComplete="name" required />
      </Field>
      <Field label="E-mail">
        <Input name="email" type="email" autoComplete="username" required />
      </Field>
      <Field label="Password" hint="At least 10 characters.">
        <Input name="password" type="password" autoComplete="new-password" minLength={10} required />
      </Field>
      <Button look="primary" className="w-full">
        Join
      </Button>
    </ActionForm>
  );
}

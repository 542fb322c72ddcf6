import type { Metadata } from 'next';
import { ActionForm } from '@/components/action-form';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/input';
import { Wordmark } from '@/components/wordmark';
import { acceptInvitationAction } from './actions';

export const metadata: Metadata = { title: 'Invitation' };

export default async function InvitationPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="w-full max-w-sm space-y-6">
        <Wordmark />
        <div className="rounded-xl border border-line bg-surface p-6">
          <ActionForm action={acceptInvitationAction.bind(null, secret)} className="space-y-4">
            <h1 className="text-lg font-semibold">Join the team</h1>
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
        </div>
      </div>
    </main>
  );
}

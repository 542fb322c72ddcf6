import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Wordmark } from '@/components/wordmark';
import { returnPath } from '@/lib/return-path';
import { findSession } from '@/lib/session';
import { SignInForm } from './sign-in-form';

export const metadata: Metadata = { title: 'Sign in' };

interface Props {
  searchParams: Promise<{ to?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: Props) {
  const to = returnPath((await searchParams).to);
  if (await findSession()) redirect(to);
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="w-full max-w-sm space-y-6">
        <Wordmark />
        <div className="rounded-xl border border-line bg-surface p-6">
          <SignInForm to={to} />
        </div>
        <p className="text-center text-[13px] text-muted">
          The first password is in <code className="font-mono">credentials.json</code> on the host, where{' '}
          <code className="font-mono">npm start</code> said.
        </p>
      </div>
    </main>
  );
}

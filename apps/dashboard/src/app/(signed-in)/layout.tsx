import { ownsInstallation } from '@berth/platform/auth/require-installation-owner';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { SignOut } from '@/components/sign-out';
import { Wordmark } from '@/components/wordmark';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor();
  const maySeeHost = await ownsInstallation(berth().platform, { actor });
  return (
    <>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex min-h-14 max-w-[1600px] flex-wrap items-center gap-x-3 px-5 py-2 sm:gap-x-6 sm:px-8 sm:py-0">
          <Link href="/" className="flex">
            <Wordmark />
          </Link>
          <nav className="order-last flex w-full items-center gap-5 py-1 text-sm sm:order-none sm:w-auto sm:flex-1">
            <Link href="/" className="text-muted hover:text-ink">
              Apps
            </Link>
            <Link href="/environments" className="text-muted hover:text-ink">
              Environments
            </Link>
            {maySeeHost && (
              <Link href="/capacity" className="text-muted hover:text-ink">
                Capacity
              </Link>
            )}
          </nav>
          <Link href="/account" className="hidden text-sm text-muted hover:text-ink sm:block">
            {actor.email}
          </Link>
          <Link href="/account" className="ml-auto text-sm text-muted hover:text-ink sm:hidden">
            Account
          </Link>
          <SignOut />
        </div>
      </header>
      <main className="mx-auto max-w-[1600px] px-5 py-8 sm:px-8">{children}</main>
    </>
  );
}

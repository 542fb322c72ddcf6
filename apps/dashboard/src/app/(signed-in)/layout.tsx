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
        <div className="mx-auto flex h-14 max-w-[1600px] items-center gap-3 px-5 sm:gap-6 sm:px-8">
          <Link href="/">
            <Wordmark />
          </Link>
          <nav className="flex flex-1 items-center gap-3 text-sm sm:gap-5">
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
          <Link href="/account" className="text-sm text-muted hover:text-ink sm:hidden">
            Account
          </Link>
          <SignOut />
        </div>
      </header>
      <main className="mx-auto max-w-[1600px] px-5 py-8 sm:px-8">{children}</main>
    </>
  );
}

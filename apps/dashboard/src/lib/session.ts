import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { berth } from './platform';

/** Who is signed in; looked up once per request. */
export const findSession = cache(async () => {
  // First: it is what tells Next that the page depends on the request and must not be made at build time.
  const requestHeaders = await headers();
  return berth().auth.findSession(requestHeaders);
});

/** Who is signed in; without a session the sign-in page is shown instead. @param backTo what it goes on to (lib/return-path) */
export async function requireActor(backTo?: string) {
  const actor = await findSession();
  if (!actor) redirect(backTo ? `/sign-in?to=${encodeURIComponent(backTo)}` : '/sign-in');
  return actor;
}

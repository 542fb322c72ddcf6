import { getProjectLink, openedMs } from '@berth/platform/projects/get-project-link';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Refused } from '@/components/refused';
import { act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

interface Props {
  params: Promise<{ environment: string; service: string }>;
  searchParams: Promise<{ path?: string | string[] }>;
}

export const metadata: Metadata = { title: 'Open' };

/** Goes on to the service as the project environment sees it, for who is signed in and may; the address is the platform's own. */
export default async function OpenPage({ params, searchParams }: Props) {
  const { environment, service } = await params;
  const { path } = await searchParams;
  const to = typeof path === 'string' ? path : '/';
  const actor = await requireActor(`/open/${environment}/${service}?path=${encodeURIComponent(to)}`);
  const { error } = await act(async () => {
    const of = { actor, environment, service, path: to };
    redirect((await getProjectLink(berth().platform, { ...of, validMs: openedMs })).url);
  });
  return <Refused sentence={error} />;
}

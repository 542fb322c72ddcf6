import { getProjectLink } from '@berth/platform/projects/get-project-link';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Refused } from '@/components/refused';
import { act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export const metadata: Metadata = { title: 'Leave' };

/** Goes on to the service as everybody sees it: this browser forgets the project environment there. */
export default async function LeavePage({ params }: { params: Promise<{ environment: string; service: string }> }) {
  const { environment, service } = await params;
  const actor = await requireActor(`/open/${environment}/${service}/leave`);
  const { error } = await act(async () => {
    const { clearUrl, url } = await getProjectLink(berth().platform, { actor, environment, service });
    redirect(clearUrl ?? url);
  });
  return <Refused sentence={error} />;
}

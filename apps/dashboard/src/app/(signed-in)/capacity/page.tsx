import { getCapacity } from '@berth/platform/capacity/get-capacity';
import type { Metadata } from 'next';
import { HostCapacity } from '@/components/host-capacity';
import { Card, Empty } from '@/components/ui/card';
import { timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';

export const metadata: Metadata = { title: 'Capacity' };

export default async function CapacityPage() {
  const actor = await requireActor();
  const view = await read(getCapacity(berth().platform, { actor }));
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">Capacity</h1>
        <p className="text-sm text-muted">of the host{view && ` · looked at ${timeAgo(view.at)}`}</p>
      </div>
      {!view && (
        <Card>
          <Empty>Nobody has looked at the host yet: it is done each minute.</Empty>
        </Card>
      )}
      {view && <HostCapacity view={view} />}
    </div>
  );
}

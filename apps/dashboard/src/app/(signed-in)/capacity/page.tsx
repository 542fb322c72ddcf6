import { type CapacityView, getCapacity } from '@berth/platform/capacity/get-capacity';
import type { Metadata } from 'next';
import { Bar } from '@/components/ui/bar';
import { Card, Empty } from '@/components/ui/card';
import { Facts } from '@/components/ui/facts';
import { amount, byteSize, timeAgo } from '@/lib/format';
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
      {view && <Host {...view} />}
    </div>
  );
}

function Host(view: CapacityView) {
  const { host, running, asleep, room } = view;
  return (
    <>
      <Card title="Host" hint="Memory that is not available is used by apps, builds, the platform and the kernel">
        <div className="grid gap-8 p-5 lg:grid-cols-2">
          <Memory {...view} />
          <Cpu {...view} />
        </div>
      </Card>
      <Card title="What could still start" hint={`${byteSize(room.bytes)} are free beside the headroom`}>
        <Facts
          rows={[
            {
              name: 'Apps as they are',
              value: room.usualApps ?? '–',
              hint: 'of the memory that running ones take on average',
            },
            { name: 'Apps of full size', value: room.fullApps, hint: 'standard-1x, each with all of its 512 MiB' },
            {
              name: 'If all woke at once',
              value: room.missingBytes > 0 ? `${byteSize(room.missingBytes)} too little` : 'it fits',
              hint: `sleeping apps have given back ${byteSize(asleep.freedBytes)}`,
            },
          ]}
        />
      </Card>
      <div className="grid gap-6 lg:grid-cols-2">
        <Card title="Running">
          <Facts rows={[...taken(running), { name: 'Host', value: `${amount(host.cpus)} CPUs` }]} />
        </Card>
        <Card title="Asleep">
          <Facts
            rows={[
              ...taken(asleep),
              {
                name: 'How deep',
                value: asleep.apps,
                hint: `${asleep.frozen} frozen, ${asleep.pushedOut} pushed out, ${asleep.stopped} stopped`,
              },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

const taken = ({ apps, reservedBytes, reservedCpus, ownBytes, busyCpus }: CapacityView['running']) => [
  { name: 'Apps', value: apps },
  { name: 'Reserved by their sizes', value: byteSize(reservedBytes), hint: `${amount(reservedCpus)} CPUs` },
  { name: 'Memory of their own now', value: byteSize(ownBytes), hint: `${amount(busyCpus)} cores busy` },
];

function Memory({ host, running, room }: CapacityView) {
  const { totalBytes, availableBytes } = host.memory;
  const others = Math.max(0, totalBytes - availableBytes - running.ownBytes);
  const headroom = Math.min(host.headroomBytes, availableBytes);
  return (
    <Bar
      label={`Memory: ${byteSize(totalBytes)}`}
      whole={totalBytes}
      parts={[
        { name: 'running apps', value: running.ownBytes, text: byteSize(running.ownBytes), look: 'used' },
        { name: 'all else', value: others, text: byteSize(others), look: 'asleep' },
        { name: 'headroom', value: headroom, text: byteSize(headroom), look: 'kept' },
        { name: 'free', value: room.bytes, text: byteSize(room.bytes), look: 'free' },
      ]}
    />
  );
}

/** Sizes are weights: they may add up to more than there is, and count when the host is busy. */
function Cpu({ host, running }: CapacityView) {
  const free = Math.max(0, host.cpus - running.reservedCpus);
  return (
    <Bar
      label={`CPU: ${amount(host.cpus)} cores, ${amount(running.busyCpus)} busy with apps`}
      whole={Math.max(host.cpus, running.reservedCpus)}
      parts={[
        {
          ...{ name: 'reserved by running apps', value: Math.min(running.reservedCpus, host.cpus) },
          ...{ text: amount(running.reservedCpus), look: 'used' as const },
        },
        {
          ...{ name: 'promised twice', value: Math.max(0, running.reservedCpus - host.cpus) },
          ...{ text: amount(Math.max(0, running.reservedCpus - host.cpus)), look: 'over' as const },
        },
        { name: 'not reserved', value: free, text: amount(free), look: 'free' },
      ]}
    />
  );
}

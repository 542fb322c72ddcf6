import type { CapacityView } from '@berth/platform/capacity/get-capacity';
import { amount, amountOf, byteSize } from '@/lib/format';
import { Bar } from './ui/bar';
import { Card } from './ui/card';
import { Facts } from './ui/facts';

/** What of the host is taken, what sleeps, and what could still start. */
export function HostCapacity({ view }: { view: CapacityView }) {
  const { running, asleep, room } = view;
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
          <Facts rows={taken(running, 'their processes run')} />
        </Card>
        <Card title="Asleep">
          <Facts rows={taken(asleep, stepsOf(asleep))} />
        </Card>
      </div>
    </>
  );
}

const taken = (sums: CapacityView['running'], hint: string) => [
  { name: 'Apps', value: sums.apps, hint },
  { name: 'Reserved by their sizes', value: byteSize(sums.reservedBytes), hint: amountOf(sums.reservedCpus, 'CPU') },
  { name: 'Memory of their own now', value: byteSize(sums.ownBytes), hint: `${amountOf(sums.busyCpus, 'core')} busy` },
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
      label={`CPU: ${amountOf(host.cpus, 'core')}, ${amount(running.busyCpus)} busy with apps`}
      whole={Math.max(host.cpus, running.reservedCpus)}
      parts={[
        {
          ...{ name: 'reserved by running apps', value: Math.min(running.reservedCpus, host.cpus) },
          ...{ text: amount(running.reservedCpus), look: 'used' as const },
        },
        {
          ...{ name: 'beyond what there is', value: Math.max(0, running.reservedCpus - host.cpus) },
          ...{ text: amount(Math.max(0, running.reservedCpus - host.cpus)), look: 'kept' as const },
        },
        { name: 'not reserved', value: free, text: amount(free), look: 'free' },
      ]}
    />
  );
}

const stepsOf = ({ frozen, pushedOut, stopped, imageOnly }: CapacityView['asleep']) =>
  `${frozen} frozen, ${pushedOut} pushed out, ${stopped} stopped, ${imageOnly} image only`;

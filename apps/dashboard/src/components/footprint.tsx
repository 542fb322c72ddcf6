import { costOf } from '@berth/domain/meter-usage';
import type { Taken, Footprint as View } from '@berth/platform/projects/get-footprint';
import { amount, amountOf, byteSize } from '@/lib/format';
import { prices } from '@/lib/prices';
import { Card } from './ui/card';
import { Facts } from './ui/facts';

const MiB = 1024 * 1024;

/** What a project environment takes beside a full copy of its base, and what it has cost so far. */
export function Footprint({ footprint: { own, copy, used }, base }: { footprint: View; base: string }) {
  const price = prices();
  const cost = price && costOf(used, price);
  return (
    <Card title="What it takes" hint={`Beside a full copy of ${base}, which would be ${copy.apps} apps`}>
      <Facts
        rows={[
          { name: 'Memory of its own now', value: memory(own), hint: copyHint(memory(copy), own.freedBytes) },
          { name: 'CPU now', value: cpu(own), hint: copyHint(cpu(copy)) },
          {
            name: 'It may take',
            value: sizes(own),
            hint: copyHint(sizes(copy)),
          },
          {
            name: 'Cost so far',
            value: cost === undefined ? '–' : amount(cost),
            hint: cost === undefined ? 'This Berth has no prices.' : 'since it was made',
          },
          { name: 'CPU used', value: `${amount(used.cpuHours)} h`, hint: 'hours of a whole core, since it was made' },
          { name: 'Memory used', value: `${amount(used.gibHours)} GiB-h`, hint: 'GiB × hours, since it was made' },
        ]}
      />
    </Card>
  );
}

const memory = ({ now }: Taken) => (now ? byteSize(now.ownBytes) : '–');
const sizes = ({ memoryMiB, cpus }: Taken) => `${byteSize(memoryMiB * MiB)}, ${amountOf(cpus, 'CPU')}`;
const cpu = ({ now }: Taken) => (now ? `${amount(now.cpus)} of a core` : '–');

const copyHint = (copy: string, freedBytes = 0) =>
  `a full copy: ${copy}${freedBytes > 0 ? `; asleep it gives back ${byteSize(freedBytes)}` : ''}`;

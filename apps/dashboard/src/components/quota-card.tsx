import type { QuotaView } from '@berth/platform/quotas/get-quota';
import { amount } from '@/lib/format';
import { ActionForm, type FormAction } from './action-form';
import { Button } from './ui/button';
import { Card } from './ui/card';
import { Input } from './ui/input';

export const quotaWords = {
  apps: 'Apps',
  environments: 'Project environments',
  memoryMiB: 'Memory, MiB',
  cpus: 'CPUs',
  diskMiB: 'Disk, MiB',
} as const;
type Name = keyof typeof quotaWords;

/** What is taken beside its limits; `action` for who may change them, undefined for all others. */
export function QuotaCard(props: {
  quota: QuotaView;
  names: readonly Name[];
  hint: string;
  action?: FormAction | undefined;
}) {
  const { quota, names, hint, action } = props;
  const rows = (
    <ul className="divide-y divide-line">
      {names.map((name) => (
        <Row key={name} name={name} taken={quota.taken[name]} limit={quota.limits[name]} mayChange={Boolean(action)} />
      ))}
    </ul>
  );
  return (
    <Card title="Quota" hint={hint}>
      {action ? (
        <ActionForm action={action}>
          {rows}
          <div className="px-5 pb-5">
            <Button look="primary">Save the limits</Button>
          </div>
        </ActionForm>
      ) : (
        rows
      )}
    </Card>
  );
}

function Row(props: { name: Name; taken: number; limit: number | undefined; mayChange: boolean }) {
  const { name, taken, limit, mayChange } = props;
  const isFull = limit !== undefined && taken >= limit;
  const share = limit === undefined ? 0 : limit === 0 ? 100 : Math.min(100, (100 * taken) / limit);
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1.5 px-5 py-3 text-sm">
      <span>
        {quotaWords[name]}
        <span className="block text-[13px] text-muted tabular-nums">
          {amount(taken)}
          {limit === undefined ? ' taken, no limit' : ` of ${amount(limit)}`}
          {isFull && <span className="text-bad"> · full: nothing more is let in</span>}
        </span>
      </span>
      {mayChange && (
        <Input
          name={name}
          type="number"
          min={0}
          step={name === 'cpus' ? 0.5 : 1}
          defaultValue={limit ?? ''}
          placeholder="no limit"
          aria-label={`Limit of ${quotaWords[name]}`}
          className="h-8 w-28"
        />
      )}
      {limit !== undefined && (
        <span className="col-span-2 block h-1.5 overflow-hidden rounded-full bg-raised" aria-hidden>
          <span className={`block h-full ${isFull ? 'bg-bad' : 'bg-accent'}`} style={{ width: `${share}%` }} />
        </span>
      )}
    </li>
  );
}

import type { ReactNode } from 'react';

/** Names with their values, in columns where there is room. */
export function Facts({ rows }: { rows: readonly { name: string; value: ReactNode; hint?: ReactNode }[] }) {
  return (
    <dl className="grid gap-x-8 gap-y-4 p-5 sm:grid-cols-2 lg:grid-cols-3">
      {rows.map(({ name, value, hint }) => (
        <div key={name} className="min-w-0">
          <dt className="text-[13px] text-muted">{name}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
          {hint && <dd className="text-[13px] text-muted">{hint}</dd>}
        </div>
      ))}
    </dl>
  );
}

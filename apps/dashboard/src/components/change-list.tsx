import { Empty } from './ui/card';

/** What differs between two: what it was, and what it is. */
export function ChangeList({ rows }: { rows: readonly { name: string; from: string; to: string }[] }) {
  if (rows.length === 0) return <Empty>The same.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {rows.map(({ name, from, to }) => (
        <li key={name} className="grid gap-x-6 gap-y-1 px-5 py-3 text-sm md:grid-cols-[1fr_1.5fr_1.5fr]">
          <code className="font-mono text-[13px]">{name}</code>
          <span className="truncate text-muted">{from}</span>
          <span className="truncate">{to}</span>
        </li>
      ))}
    </ul>
  );
}

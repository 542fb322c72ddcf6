/** Parts of a whole as one bar; each part is named below it, so that no colour has to be told apart. */
export function Bar(props: {
  label: string;
  whole: number;
  parts: readonly { name: string; value: number; text: string; look: keyof typeof looks }[];
}) {
  const { label, whole, parts } = props;
  return (
    <figure className="space-y-2">
      <figcaption className="text-sm font-medium">{label}</figcaption>
      <div className="flex h-3 overflow-hidden rounded-full bg-raised" aria-hidden>
        {parts.map(({ name, value, look }) => (
          <span key={name} className={looks[look]} style={{ width: `${whole > 0 ? (100 * value) / whole : 0}%` }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-[13px]">
        {parts.map(({ name, text, look }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span className={`size-2.5 rounded-sm border border-line ${looks[look]}`} aria-hidden />
            <span className="text-muted">{name}</span> <span className="tabular-nums">{text}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

const looks = { used: 'bg-accent', kept: 'bg-busy', asleep: 'bg-muted', free: 'bg-raised' } as const;

import { HiddenValue } from './hidden-value';

/** A config var's value: a secret only when asked for, and never to who may not see it (null); a plain one as it is. */
export function VarValue({ value, isSecret }: { value: string | null; isSecret: boolean }) {
  if (value === null) return <span className="flex-1 text-sm text-muted">secret</span>;
  if (isSecret) return <HiddenValue value={value} />;
  return <code className="min-w-0 flex-1 basis-40 font-mono text-[13px] break-all text-muted">{value}</code>;
}

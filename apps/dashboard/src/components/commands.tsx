import { CopyButton } from './copy-button';

/** Lines to type in a terminal, to be copied as a whole. */
export function Commands({ lines }: { lines: string[] }) {
  return (
    <div className="flex items-start gap-2 rounded-lg border border-line bg-raised p-2">
      <pre className="min-w-0 flex-1 overflow-x-auto px-2 py-1 font-mono text-[13px] leading-6">{lines.join('\n')}</pre>
      <CopyButton text={lines.join('\n')} />
    </div>
  );
}

import { CopyButton } from './copy-button';

/** Lines to type in a terminal, to be copied as a whole. */
export function Commands({ lines }: { lines: string[] }) {
  return (
    <div className="relative rounded-lg border border-line bg-raised">
      <pre className="overflow-x-auto p-4 pr-24 font-mono text-[13px] leading-6">{lines.join('\n')}</pre>
      <div className="absolute top-2 right-2">
        <CopyButton text={lines.join('\n')} />
      </div>
    </div>
  );
}

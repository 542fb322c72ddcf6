'use client';

import { useEffect, useRef, useState } from 'react';
import { cn } from '@/lib/class-names';
import { openStream } from '@/lib/open-stream';

/** Text kept on the page; older text is let go. */
const textMax = 200_000;

/**
 * A text that grows: log lines, or the output of a build or release (the events of apps/api's dashboard streams).
 * Stays at the end unless the reader has scrolled up.
 */
export function LiveText(props: { stream: string; empty: string; className?: string }) {
  const [text, setText] = useState('');
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const append = (chunk: string) => setText((before) => (before + chunk).slice(-textMax));
    return openStream(props.stream, (source) => {
      setText('');
      source.onmessage = (message) => append(`${message.data}\n`);
      source.addEventListener('output', (message) => append(JSON.parse(message.data) as string));
      source.addEventListener('whole', (message) => setText((JSON.parse(message.data) as string).slice(-textMax)));
      source.addEventListener('end', () => source.close());
    });
  }, [props.stream]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls after each change of the text
  useEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [text]);
  return (
    <pre
      ref={box}
      data-testid="live-text"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
      className={cn(
        'overflow-auto bg-raised px-5 py-4 font-mono text-xs leading-5 sm:text-[13px] wrap-break-word whitespace-pre-wrap',
        props.className,
      )}
    >
      {text || <span className="text-muted">{props.empty}</span>}
    </pre>
  );
}

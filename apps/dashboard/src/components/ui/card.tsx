import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

/** A titled box; `action` sits at the right end of its title. */
export function Card(props: {
  title?: string;
  hint?: string;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cn('overflow-hidden rounded-xl border border-line bg-surface', props.className)}>
      {props.title && (
        <header className="flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-5 py-3">
          <div>
            <h2 className="text-[15px] font-semibold">{props.title}</h2>
            {props.hint && <p className="text-[13px] text-muted">{props.hint}</p>}
          </div>
          {props.action}
        </header>
      )}
      {props.children}
    </section>
  );
}

/** What a list says when it has nothing. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="px-5 py-8 text-center text-sm text-muted">{children}</p>;
}

/** One plain sentence about what went wrong. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
      {children}
    </p>
  );
}

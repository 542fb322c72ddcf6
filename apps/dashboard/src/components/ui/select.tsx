import type { ComponentProps } from 'react';
import { cn } from '@/lib/class-names';

export function Select({ className, ...props }: ComponentProps<'select'>) {
  return (
    <select
      className={cn('h-9 w-full min-w-0 rounded-lg border border-line bg-surface px-3 text-sm text-ink', className)}
      {...props}
    />
  );
}

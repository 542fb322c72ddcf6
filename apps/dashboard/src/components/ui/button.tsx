import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/class-names';

const button = cva(
  'inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-accent text-on-accent hover:opacity-90',
        plain: 'border border-line bg-surface text-ink hover:bg-raised',
        quiet: 'text-muted hover:bg-raised hover:text-ink',
        danger: 'bg-bad text-on-accent hover:opacity-90',
      },
      size: { normal: 'h-9 px-4 text-sm', small: 'h-8 px-3 text-[13px]' },
    },
    defaultVariants: { look: 'plain', size: 'normal' },
  },
);

type Props = ComponentProps<'button'> & VariantProps<typeof button> & { asChild?: boolean };

export function Button({ look, size, asChild, className, ...props }: Props) {
  const Element = asChild ? Slot.Root : 'button';
  return <Element className={cn(button({ look, size }), className)} {...props} />;
}

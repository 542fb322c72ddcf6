'use client';

import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** A question over the page. `trigger` opens it; Escape and the backdrop close it. */
export function Dialog(props: { trigger: ReactNode; title: string; text: string; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 bg-black/50" />
        <Radix.Content className="fixed top-1/2 left-1/2 w-[min(28rem,calc(100vw-2rem))] -translate-1/2 space-y-4 rounded-xl border border-line bg-surface p-5 shadow-xl">
          <Radix.Title className="text-base font-semibold">{props.title}</Radix.Title>
          <Radix.Description className="text-sm text-muted">{props.text}</Radix.Description>
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const DialogClose = Radix.Close;

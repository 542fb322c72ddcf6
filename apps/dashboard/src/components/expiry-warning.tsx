import { timeAgo } from '@/lib/format';
import { ActionButton } from './action-button';
import type { FormAction } from './action-form';

/** On the pages of an environment that goes soon, with the click that puts it off. */
export function ExpiryWarning({ expiresAt, keepLonger }: { expiresAt: Date; keepLonger: FormAction }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-busy-soft px-4 py-2.5 text-sm"
    >
      <p>
        It is destroyed {timeAgo(expiresAt)} ({expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC), with
        everything that it made.
      </p>
      <ActionButton action={keepLonger} size="small">
        Keep it a day longer
      </ActionButton>
    </div>
  );
}

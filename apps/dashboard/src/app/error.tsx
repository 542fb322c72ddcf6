'use client';

import { Button } from '@/components/ui/button';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div className="space-y-4">
        <p>Something went wrong on our side.</p>
        {error.digest && <p className="text-[13px] text-muted">Reference {error.digest}</p>}
        <Button onClick={reset}>Try again</Button>
      </div>
    </main>
  );
}

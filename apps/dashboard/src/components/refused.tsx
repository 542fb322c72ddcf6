import Link from 'next/link';
import { Problem } from './ui/card';
import { Wordmark } from './wordmark';

/** A page outside of the frame that could not do what its address says: why, in one sentence. */
export function Refused({ sentence }: { sentence: string | undefined }) {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div className="space-y-4">
        <Wordmark />
        <Problem>{sentence}</Problem>
        <Link href="/environments" className="text-accent hover:underline">
          To your environments
        </Link>
      </div>
    </main>
  );
}

import Link from 'next/link';
import { Wordmark } from '@/components/wordmark';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div className="space-y-4">
        <Wordmark />
        <p className="text-muted">There is nothing here, or nothing that you may see.</p>
        <Link href="/" className="text-accent hover:underline">
          To your apps
        </Link>
      </div>
    </main>
  );
}

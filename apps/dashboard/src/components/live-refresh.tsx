'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { openStream } from '@/lib/open-stream';

/** At most one refresh of the page in this time, ms. */
const refreshGapMs = 300;

/** Renders the page anew whenever the stream says that something changed. */
export function LiveRefresh({ stream }: { stream: string }) {
  const router = useRouter();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        router.refresh();
      }, refreshGapMs);
    };
    const close = openStream(stream, (source) => {
      // The snapshots at the start cost one refresh; without it a change between page and stream would be missed.
      for (const name of ['changed', 'app', 'formation', 'instances', 'one-offs', 'releases', 'builds', 'deploy'])
        source.addEventListener(name, refresh);
      source.addEventListener('gone', () => source.close());
    });
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [router, stream]);
  return null;
}

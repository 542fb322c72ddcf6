'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** At most one refresh of the page in this time, ms. */
const refreshGapMs = 300;

/** Renders the page anew whenever the stream says that something changed; the browser reconnects and resumes by itself. */
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
    const source = new EventSource(stream);
    // The snapshots at the start cost one refresh; without it a change between page and stream would be missed.
    for (const name of ['changed', 'app', 'formation', 'instances', 'one-offs', 'releases', 'builds', 'deploy'])
      source.addEventListener(name, refresh);
    source.addEventListener('gone', () => source.close());
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [router, stream]);
  return null;
}

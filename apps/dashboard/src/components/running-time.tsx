'use client';

import { useEffect, useState } from 'react';
import { duration } from '@/lib/format';

/** Time since `since` (ms since the epoch), counting. */
export function RunningTime({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return <>{duration(Math.max(0, now - since))}</>;
}

'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Button } from './ui/button';

/** A config var's value, shown when asked for. */
export function HiddenValue({ value }: { value: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2">
      <code className="min-w-0 flex-1 truncate font-mono text-[13px] text-muted">
        {isShown ? value : '••••••••••••'}
      </code>
      <Button
        look="quiet"
        size="small"
        onClick={() => setShown(!isShown)}
        aria-label={isShown ? 'Hide value' : 'Show value'}
      >
        {isShown ? <EyeOff /> : <Eye />}
      </Button>
    </span>
  );
}

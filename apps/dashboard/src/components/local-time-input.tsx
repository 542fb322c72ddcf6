'use client';

import { useState } from 'react';
import { Input } from './ui/input';

/** A time by the browser's clock; the form gets it as ISO 8601 in UTC under `name`, '' when none is given. */
export function LocalTimeInput({ name }: { name: string }) {
  const [text, setText] = useState('');
  return (
    <>
      <Input type="datetime-local" value={text} onChange={(event) => setText(event.target.value)} />
      <input type="hidden" name={name} value={text ? new Date(text).toISOString() : ''} />
    </>
  );
}

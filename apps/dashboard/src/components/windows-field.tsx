'use client';

import type { DeployWindow } from '@berth/domain/deploy-window';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { cn } from '@/lib/class-names';
import { Button } from './ui/button';
import { Input } from './ui/input';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Row = DeployWindow & { key: number };

/** Times of the week: rows of days, from, to and place; the form sends them as JSON under `name`. */
export function WindowsField(props: { name: string; label: string; hint: string; windows: readonly DeployWindow[] }) {
  const { name, label, hint } = props;
  const [rows, setRows] = useState<Row[]>(() => props.windows.map((window, key) => ({ ...window, key })));
  const change = (key: number, changes: Partial<DeployWindow>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...changes } : row)));
  const add = () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const weekdays: DeployWindow['days'] = ['mon', 'tue', 'wed', 'thu', 'fri'];
    setRows([...rows, { key: Date.now(), days: weekdays, from: '09:00', to: '17:00', timeZone }]);
  };
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="text-sm font-medium">{label}</legend>
      <p className="text-[13px] text-muted">{hint}</p>
      <input type="hidden" name={name} value={JSON.stringify(rows.map(({ key: _, ...window }) => window))} />
      {rows.map((row, index) => (
        <WindowRow
          key={row.key}
          row={row}
          label={`${label} ${index + 1}`}
          onChange={(changes) => change(row.key, changes)}
          onRemove={() => setRows(rows.filter(({ key }) => key !== row.key))}
        />
      ))}
      <Button type="button" size="small" onClick={add}>
        <Plus /> Add a time
      </Button>
    </fieldset>
  );
}

function WindowRow(props: {
  row: Row;
  label: string;
  onChange: (changes: Partial<DeployWindow>) => void;
  onRemove: () => void;
}) {
  const { row, label, onChange, onRemove } = props;
  const toggle = (day: (typeof days)[number]) =>
    onChange({ days: days.filter((one) => (one === day ? !row.days.includes(day) : row.days.includes(one))) });
  const field = (name: 'from' | 'to' | 'timeZone', title: string, className: string) => (
    <Input
      aria-label={`${title} of ${label}`}
      value={row[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
      className={cn('h-8', className)}
    />
  );
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-2 rounded-lg border border-line p-2">
      <legend className="sr-only">{label}</legend>
      {days.map((day) => (
        <button
          key={day}
          type="button"
          aria-pressed={row.days.includes(day)}
          onClick={() => toggle(day)}
          className={cn(
            'h-8 rounded-md border border-line px-1.5 text-[13px] text-muted',
            row.days.includes(day) && 'border-accent font-medium text-accent',
          )}
        >
          {day}
        </button>
      ))}
      <span className="flex flex-1 basis-72 items-center gap-2">
        {field('from', 'Begin', 'w-18')}–{field('to', 'End', 'w-18')}
        {field('timeZone', 'Time zone', 'min-w-24 flex-1')}
        <Button type="button" look="quiet" size="small" aria-label={`Remove ${label}`} onClick={onRemove}>
          <X />
        </Button>
      </span>
    </fieldset>
  );
}

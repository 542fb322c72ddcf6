import type { StepView } from '@berth/platform/steps/step-view';
import { Check, Loader2, X } from 'lucide-react';
import { duration } from '@/lib/format';
import { RunningTime } from './running-time';

/** The steps of a deploy with their durations; the one that runs counts up. */
export function Steps({ steps }: { steps: StepView[] }) {
  return (
    <ol className="divide-y divide-line">
      {steps.map((step) => (
        <li key={step.id} className="flex items-center gap-3 px-5 py-2.5 text-sm">
          <StepIcon step={step} />
          <span className="flex-1">
            <span className="block first-letter:uppercase">{step.name}</span>
            {step.errorMessage && <span className="block text-[13px] text-bad">{step.errorMessage}</span>}
          </span>
          <span className="text-[13px] text-muted tabular-nums">
            {step.endedAt ? (
              duration(step.endedAt.getTime() - step.startedAt.getTime())
            ) : (
              <RunningTime since={step.startedAt.getTime()} />
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function StepIcon({ step }: { step: StepView }) {
  if (step.errorMessage) return <X className="size-4 text-bad" aria-label="failed" />;
  if (step.endedAt) return <Check className="size-4 text-good" aria-label="done" />;
  return <Loader2 className="size-4 animate-spin text-busy" aria-label="running" />;
}

'use client';

import type { ProbeResult } from '@berth/platform/projects/run-probe';
import { useActionState } from 'react';
import { Hops, Verdicts } from './doctor-report';
import { Button } from './ui/button';
import { Card, Problem } from './ui/card';
import { Field, Input } from './ui/input';
import { Select } from './ui/select';

export interface DoctorState {
  error?: string;
  /** What was asked for last, so that the form keeps it. */
  service?: string;
  path?: string;
  result?: ProbeResult;
}
type DoctorAction = (state: DoctorState, form: FormData) => Promise<DoctorState>;

/** Sends one marked request through the environment and draws what became of the mark. */
export function Doctor(props: { environment: string; services: readonly string[]; action: DoctorAction }) {
  const { environment, services, action } = props;
  const [state, run, isPending] = useActionState(action, {});
  return (
    <Card title="Doctor" hint="Sends one request through the environment and shows who answered, and who lost its mark">
      <form action={run} className="flex flex-wrap items-end gap-3 p-5" aria-label="Doctor">
        <div className="flex-1 basis-40">
          <Field label="Service">
            <Select key={state.service} name="service" defaultValue={state.service}>
              {services.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        </div>
        <div className="flex-2 basis-56">
          <Field label="Path">
            <Input key={state.path} name="path" defaultValue={state.path ?? '/'} autoComplete="off" required />
          </Field>
        </div>
        <Button look="primary" disabled={isPending}>
          {isPending ? 'Asking…' : 'Run the doctor'}
        </Button>
      </form>
      <div aria-live="polite">
        {state.error && (
          <div className="px-5 pb-5">
            <Problem>{state.error}</Problem>
          </div>
        )}
        {state.result && !isPending && <Report environment={environment} result={state.result} />}
      </div>
    </Card>
  );
}

function Report({ environment, result }: { environment: string; result: ProbeResult }) {
  const { status, ms, isWhole, hops, services } = result;
  return (
    <div className="space-y-4 border-t border-line p-5" data-testid="doctor-report">
      <p className="text-sm">
        {status === null ? 'No answer came.' : `Answered ${status} in ${ms} ms.`}
        {!isWhole && ' The router’s lines did not all come in time: what is here may lack calls.'}
      </p>
      <Verdicts services={services} environment={environment} />
      <Hops hops={hops} />
    </div>
  );
}

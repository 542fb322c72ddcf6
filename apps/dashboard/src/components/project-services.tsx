import type { ProjectView } from '@berth/platform/projects/get-project';
import type { SleepView } from '@berth/platform/sleep/sleep-view';
import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import type { ActionState } from '@/lib/act';
import { shortSha } from '@/lib/format';
import { ActionButton } from './action-button';
import { SleepMark, SleepNote } from './sleep-note';
import { Steps } from './steps';
import { Empty } from './ui/card';
import { Status } from './ui/status';

type Service = ProjectView['services'][number];

/** The services that a project environment has of its own; one that is under way with its steps, another with its sleep. */
export function ProjectServices(props: {
  services: readonly Service[];
  sleep: Record<string, SleepView>;
  drop: (service: string) => Promise<ActionState>;
}) {
  const { services, sleep, drop } = props;
  if (services.length === 0) return <Empty>It has no service of its own: the base answers every call.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {services.map((service) => (
        <li key={service.service} className="py-3">
          <ServiceLine service={service} sleep={sleep[service.app.name]} />
          {service.message && <p className="px-5 pt-1 text-[13px] text-bad">{service.message}</p>}
          {service.status !== 'ready' && <Steps steps={service.steps} />}
          {service.status === 'ready' && noteOf(sleep[service.app.name])}
          <div className="px-5 pt-2">
            <ActionButton
              size="small"
              action={drop.bind(null, service.service)}
              confirm={`Remove ${service.app.name} and what only it has? The base answers for ${service.service} again.`}
            >
              Drop {service.service}
            </ActionButton>
          </div>
        </li>
      ))}
    </ul>
  );
}

const noteOf = (sleep: SleepView | undefined) =>
  sleep && (
    <div className="px-5 pt-1">
      <SleepNote sleep={sleep} />
    </div>
  );

function ServiceLine(props: { service: Service; sleep: SleepView | undefined }) {
  const { service, app, webUrl, status, branch, commit } = props.service;
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-5 text-sm md:grid-cols-[minmax(7rem,1fr)_12rem_minmax(8rem,1.2fr)_minmax(12rem,2fr)]">
      <Link href={`/apps/${app.name}`} className="font-medium hover:underline">
        {service}
      </Link>
      <div className="flex flex-wrap justify-end gap-2 md:justify-start">
        <Status status={status} />
        {props.sleep && <SleepMark state={props.sleep.state} />}
      </div>
      <p className="col-span-2 truncate text-muted md:col-span-1">
        {branch}
        {commit && <code className="ml-2 font-mono text-[13px]">{shortSha(commit)}</code>}
      </p>
      {webUrl && (
        <a
          href={webUrl}
          className="col-span-2 inline-flex min-w-0 items-center gap-1.5 truncate text-accent hover:underline md:col-span-1 md:justify-self-end"
        >
          {webUrl.replace('http://', '')} <ExternalLink className="size-3.5 shrink-0" />
        </a>
      )}
    </div>
  );
}

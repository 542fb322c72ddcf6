import type { ProjectView } from '@berth/platform/projects/get-project';
import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { shortSha } from '@/lib/format';
import { Steps } from './steps';
import { Status } from './ui/status';

type Service = ProjectView['services'][number];

/** The services that a project environment has of its own; one that is under way with its steps. */
export function ProjectServices({ services }: { services: readonly Service[] }) {
  return (
    <ul className="divide-y divide-line">
      {services.map((service) => (
        <li key={service.service} className="py-3">
          <ServiceLine service={service} />
          {service.message && <p className="px-5 pt-1 text-[13px] text-bad">{service.message}</p>}
          {service.status !== 'ready' && <Steps steps={service.steps} />}
        </li>
      ))}
    </ul>
  );
}

function ServiceLine({ service: { service, app, webUrl, status, branch, commit } }: { service: Service }) {
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-5 text-sm md:grid-cols-[minmax(10rem,1fr)_8rem_minmax(10rem,1.2fr)_minmax(14rem,2fr)]">
      <Link href={`/apps/${app.name}`} className="font-medium hover:underline">
        {service}
      </Link>
      <div className="justify-self-end md:justify-self-start">
        <Status status={status} />
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

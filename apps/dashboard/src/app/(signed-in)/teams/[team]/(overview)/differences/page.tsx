import { compareEnvironments, type ServiceDifference } from '@berth/platform/config-vars/compare-environments';
import { listEnvironments } from '@berth/platform/environments/list-environments';
import { listProjectPage } from '@berth/platform/projects/list-project-page';
import { ChooseEnvironments } from '@/components/choose-environments';
import { Card, Empty } from '@/components/ui/card';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';

interface Props {
  params: Promise<{ team: string }>;
  searchParams: Promise<{ from?: string; to?: string }>;
}

/** How the config of each service differs between two environments of the team. */
export default async function DifferencesPage({ params, searchParams }: Props) {
  const actor = await requireActor();
  const { team } = await params;
  const wanted = await searchParams;
  const { platform } = berth();
  const [stages, { projects }] = await read(
    Promise.all([listEnvironments(platform, { actor, team }), listProjectPage(platform, { actor, team })]),
  );
  const names = [...stages, ...projects].map(({ name }) => name);
  const { from = names[0] ?? '', to = names[1] ?? names[0] ?? '' } = wanted;
  const services = await read(compareEnvironments(platform, { actor, team, from, to }));
  const differing = services.filter(({ vars }) => vars.length > 0);
  const lacking = services.filter(({ fromApp, toApp }) => !fromApp || !toApp);
  const same = services.length - differing.length - lacking.length;
  return (
    <div className="space-y-6">
      <ChooseEnvironments
        path={`/teams/${team}/differences`}
        names={[...new Set([...names, from, to])]}
        from={from}
        to={to}
      />
      {services.length === 0 && (
        <Card>
          <Empty>Neither of the two has an app.</Empty>
        </Card>
      )}
      {services.length > 0 && differing.length + lacking.length === 0 && (
        <Card>
          <Empty>Their services have the same config.</Empty>
        </Card>
      )}
      {differing.map((service) => (
        <Service key={service.service} {...service} from={from} to={to} />
      ))}
      <OnlyIn environment={from} services={lacking.filter(({ toApp }) => !toApp)} />
      <OnlyIn environment={to} services={lacking.filter(({ fromApp }) => !fromApp)} />
      {differing.length + lacking.length > 0 && same > 0 && (
        <p className="text-sm text-muted">
          {same === 1 ? 'One more service is' : `${same} more services are`} the same.
        </p>
      )}
    </div>
  );
}

/** Services that the other environment lacks, in a line. */
function OnlyIn({ environment, services }: { environment: string; services: readonly ServiceDifference[] }) {
  if (services.length === 0) return null;
  return (
    <p className="text-sm">
      <span className="text-muted">Only in {environment}:</span> {services.map(({ service }) => service).join(', ')}
    </p>
  );
}

function Service({ service, vars, from, to }: ServiceDifference & { from: string; to: string }) {
  return (
    <Card title={service} hint={`${vars.length === 1 ? '1 config var differs' : `${vars.length} config vars differ`}`}>
      <ul className="divide-y divide-line">
        {vars.map(({ key, kind, from: before, to: after }) => (
          <li key={key} className="grid gap-x-6 gap-y-1 px-5 py-3 text-sm md:grid-cols-[1fr_1.5fr_1.5fr]">
            <code className="font-mono text-[13px] font-medium break-all">{key}</code>
            <Value environment={from} value={before} isThere={kind !== 'only in to'} />
            <Value environment={to} value={after} isThere={kind !== 'only in from'} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Value(props: { environment: string; value: string | null; isThere: boolean }) {
  const { environment, value, isThere } = props;
  return (
    <span className="min-w-0 break-all">
      <span className="mr-2 text-[13px] text-muted">{environment}</span>
      {!isThere && <span className="text-muted">–</span>}
      {isThere && (value === null ? 'another secret' : <code className="font-mono text-[13px]">{value}</code>)}
    </span>
  );
}

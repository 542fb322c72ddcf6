import { mayDo } from '@berth/platform/auth/rights';
import { getFootprint } from '@berth/platform/projects/get-footprint';
import type { ProjectView } from '@berth/platform/projects/get-project';
import { listProjectData } from '@berth/platform/projects/list-project-data';
import { listProjectSleep } from '@berth/platform/projects/list-project-sleep';
import { ActionButton } from '@/components/action-button';
import { AddService } from '@/components/add-service';
import { DestroyDialog } from '@/components/destroy-dialog';
import { Doctor } from '@/components/doctor';
import { FallbackDrawing } from '@/components/fallback-drawing';
import { Footprint } from '@/components/footprint';
import { OpenServices } from '@/components/open-services';
import { ProjectData } from '@/components/project-data';
import { ProjectServices } from '@/components/project-services';
import { Card, Empty, Problem } from '@/components/ui/card';
import { timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { findProject } from '@/lib/project';
import { read } from '@/lib/read';
import { roleIn } from '@/lib/role-in';
import { requireActor } from '@/lib/session';
import {
  addServiceAction,
  destroyEnvironmentAction,
  doctorAction,
  dropServiceAction,
  keepLongerAction,
} from './actions';

export default async function EnvironmentPage({ params }: { params: Promise<{ environment: string }> }) {
  const { environment } = await params;
  const of = { actor: await requireActor(), environment };
  const { platform } = berth();
  const [project, sleep, footprint, addOns] = await read(
    Promise.all([
      findProject(environment),
      listProjectSleep(platform, of),
      getFootprint(platform, of),
      listProjectData(platform, of),
    ]),
  );
  const { name, base, message, services, fallbacks } = project;
  const mayOpen = mayDo(await roleIn(project.team.id), 'environment.open');
  const names = [
    ...services.map(({ service }) => service),
    ...fallbacks.flatMap((one) => (one.app ? one.service : [])),
  ];
  const empty = services.length + fallbacks.length === 0;
  return (
    <div className="space-y-6">
      {message && <Problem>{message}</Problem>}
      <div className="grid items-start gap-6 2xl:grid-cols-2">
        <div className="min-w-0 space-y-6">
          <Card title="Services of its own">
            <ProjectServices services={services} sleep={sleep} drop={dropServiceAction.bind(null, name)} />
            <AddService services={fallbacks.map((one) => one.service)} action={addServiceAction.bind(null, name)} />
          </Card>
          <Card title="Who answers" hint={`Calls inside the environment; ${base.name} answers for what it lacks`}>
            {empty ? <Empty>The team has no pipelines yet.</Empty> : <FallbackDrawing project={project} />}
          </Card>
          {mayOpen && <OpenServices project={project} />}
          <Doctor environment={name} services={names} action={doctorAction.bind(null, name)} />
        </div>
        <div className="min-w-0 space-y-6">
          <Footprint footprint={footprint} base={base.name} />
          <ProjectData addOns={addOns} base={base.name} />
          <TimeToLive project={project} />
        </div>
      </div>
    </div>
  );
}

function TimeToLive({ project: { name, expiresAt, untilMerged } }: { project: ProjectView }) {
  return (
    <Card title="Time to live">
      <p className="px-5 pt-4 text-sm">
        {expiresAt
          ? `It is destroyed ${timeAgo(expiresAt)}, with everything that it made`
          : 'It stays until somebody destroys it'}
        {untilMerged ? ', or as soon as its branches are merged.' : '.'}
      </p>
      <div className="flex flex-wrap gap-3 p-5">
        <ActionButton action={keepLongerAction.bind(null, name)}>Keep it a day longer</ActionButton>
        <DestroyDialog
          noun="environment"
          name={name}
          text="Its apps and everything that they made are removed."
          action={destroyEnvironmentAction.bind(null, name)}
        />
      </div>
    </Card>
  );
}

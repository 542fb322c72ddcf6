import { defaultTtlHours } from '@berth/domain/project-environment';
import { listBaseAddOns } from '@berth/platform/add-ons/list-base-add-ons';
import { listEnvironments } from '@berth/platform/environments/list-environments';
import { listPipelines } from '@berth/platform/pipelines/list-pipelines';
import { listTeams } from '@berth/platform/teams/list-teams';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActionForm } from '@/components/action-form';
import { DataFields } from '@/components/data-fields';
import { Button } from '@/components/ui/button';
import { Card, Empty } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { WishFields } from '@/components/wish-fields';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { createProjectAction } from './actions';

export const metadata: Metadata = { title: 'Create project environment' };

type Props = { searchParams: Promise<{ team?: string }> };

export default async function NewEnvironmentPage({ searchParams }: Props) {
  const actor = await requireActor();
  const { platform } = berth();
  const { team: wanted } = await searchParams;
  const teams = await listTeams(platform, { actor });
  const team = wanted === undefined ? teams[0] : teams.find(({ name }) => name === wanted);
  if (!team) notFound();
  const [stages, addOns, allPipelines] = await Promise.all([
    listEnvironments(platform, { actor, team: team.id }),
    listBaseAddOns(platform, { actor, team: team.id }),
    listPipelines(platform, { actor }),
  ]);
  const pipelines = allPipelines.filter((pipeline) => pipeline.team.id === team.id);
  return (
    <div className="mx-auto max-w-xl space-y-6">
      <h1 className="text-xl font-semibold">Create project environment</h1>
      <Card className="p-5">
        {pipelines.length === 0 && (
          <Empty>Team {team.name} has no pipelines yet: a project environment has services of them.</Empty>
        )}
        {pipelines.length > 0 && (
          <ActionForm action={createProjectAction.bind(null, team.id)} className="grid gap-4">
            <Field label="Name" hint="It stands in the host names of its apps: <service>--<name>.">
              <Input name="name" autoFocus autoComplete="off" placeholder="red" required />
            </Field>
            <Field label="Base" hint="Answers for every service that is not chosen below.">
              <Select name="base">
                {stages.map(({ id, name }) => (
                  <option key={id}>{name}</option>
                ))}
              </Select>
            </Field>
            <Services names={pipelines.map(({ name }) => name)} />
            <DataFields addOns={addOns} />
            <Field label="Time to live, hours" hint="Then it is destroyed with everything that it made.">
              <Input name="hours" type="number" min={1} max={720} defaultValue={defaultTtlHours} required />
            </Field>
            <label className="flex items-center gap-2 text-sm">
              <input type="checkbox" name="untilMerged" /> Destroy it as soon as its branches are merged
            </label>
            <div>
              <Button look="primary">Create environment</Button>
            </div>
          </ActionForm>
        )}
      </Card>
    </div>
  );
}

function Services({ names }: { names: readonly string[] }) {
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 text-sm font-medium">Services of its own</legend>
      {names.map((name) => (
        <div key={name} className="grid grid-cols-[1fr_2fr] items-center gap-3">
          <label className="flex items-center gap-2 text-sm">
            <input type="checkbox" name="service" value={name} /> {name}
          </label>
          <WishFields of={name} suffix={`-${name}`} />
        </div>
      ))}
    </fieldset>
  );
}

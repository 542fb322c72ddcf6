'use server';

import { createProject } from '@berth/platform/projects/create-project';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

/** The form has a box `service` for each pipeline, and a field `branch-<service>` beside it. */
export async function createProjectAction(team: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  const textOf = (name: string) => String(form.get(name) ?? '').trim();
  return act(async () => {
    const services = form.getAll('service').map((service) => {
      const branch = textOf(`branch-${service}`);
      return { service: String(service), ...(branch && { branch }) };
    });
    const wanted = { name: textOf('name'), base: textOf('base'), ttlHours: Number(textOf('hours')) };
    const { name } = await createProject(berth().platform, { actor, team, ...wanted, services });
    redirect(`/environments/${name}`);
  });
}

'use server';

import { UserError } from '@berth/domain/errors';
import { type ProjectData, projectData } from '@berth/platform/add-ons/project-data';
import { createProject } from '@berth/platform/projects/create-project';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { wishOf } from '@/lib/wish-of';

/** The form has a box `service` for each pipeline, and the fields of components/wish-fields beside it. */
export async function createProjectAction(team: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  const textOf = (name: string) => String(form.get(name) ?? '').trim();
  return act(async () => {
    const services = form.getAll('service').map((service) => wishOf(form, String(service), `-${service}`));
    const base = textOf('base');
    const wanted = { name: textOf('name'), base, ttlHours: Number(textOf('hours')), data: dataOf(form, base) };
    const untilMerged = form.get('untilMerged') === 'on';
    const { name } = await createProject(berth().platform, { actor, team, ...wanted, untilMerged, services });
    redirect(`/environments/${name}`);
  });
}

/** As components/data-fields sends it. */
function dataOf(form: FormData, base: string): ProjectData | undefined {
  const policy = form.get('data');
  if (policy === null) return undefined;
  const names = [...form.keys()].flatMap((field) =>
    field.startsWith(`data-${base}-`) ? field.slice(`data-${base}-`.length) : [],
  );
  const addOns = Object.fromEntries(
    names.flatMap((name) => {
      const own = form.get(`data-${base}-${name}`);
      const mask = String(form.get(`mask-${base}-${name}`) ?? '').trim();
      return own || mask ? [[name, { policy: own || policy, ...(mask && { mask }) }]] : [];
    }),
  );
  const parsed = projectData.safeParse({ policy, addOns });
  if (!parsed.success) throw new UserError('invalid_params', 'Data are shared, empty or copied.');
  return parsed.data;
}

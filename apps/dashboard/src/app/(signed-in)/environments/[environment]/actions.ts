'use server';

import { UserError } from '@berth/domain/errors';
import { destroyProject } from '@berth/platform/projects/destroy-project';
import { extendProject } from '@berth/platform/projects/extend-project';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export async function extendAction(environment: string, hours: number): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await extendProject(berth().platform, { actor, environment, hours });
    revalidatePath(`/environments/${environment}`);
    return undefined;
  });
}

export async function destroyEnvironmentAction(
  environment: string,
  _state: ActionState,
  form: FormData,
): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    if (form.get('confirm') !== environment)
      throw new UserError('invalid_params', `Type ${environment} to destroy it.`);
    await destroyProject(berth().platform, { actor, environment });
    redirect('/environments');
  });
}

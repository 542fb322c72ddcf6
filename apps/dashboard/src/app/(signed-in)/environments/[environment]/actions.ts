'use server';

import { UserError } from '@berth/domain/errors';
import { addService } from '@berth/platform/projects/add-service';
import { destroyProject } from '@berth/platform/projects/destroy-project';
import { dropService } from '@berth/platform/projects/drop-service';
import { extendProject } from '@berth/platform/projects/extend-project';
import { probePath, runProbe } from '@berth/platform/projects/run-probe';
import { startProbe } from '@berth/platform/projects/start-probe';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { DoctorState } from '@/components/doctor';
import { type ActionState, act } from '@/lib/act';
import { config } from '@/lib/config';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { wishOf } from '@/lib/wish-of';

const extensionHours = 24;

export async function keepLongerAction(environment: string): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await extendProject(berth().platform, { actor, environment, hours: extensionHours });
    revalidatePath(`/environments/${environment}`, 'layout');
    return undefined;
  });
}

/** As components/add-service sends it. */
export async function addServiceAction(environment: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    const wish = wishOf(form, String(form.get('service')));
    await addService(berth().platform, { actor, environment, wish });
    revalidatePath(`/environments/${environment}`, 'layout');
    return undefined;
  });
}

export async function dropServiceAction(environment: string, service: string): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await dropService(berth().platform, { actor, environment, service });
    revalidatePath(`/environments/${environment}`, 'layout');
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

/** Sends the doctor's request and waits for what the router saw of it. */
export async function doctorAction(environment: string, _state: DoctorState, form: FormData): Promise<DoctorState> {
  const actor = await requireActor();
  const [service, path] = [String(form.get('service')), String(form.get('path'))];
  const { platform } = berth();
  let result: DoctorState['result'];
  const { error } = await act(async () => {
    if (!probePath.safeParse(path).success)
      throw new UserError('invalid_params', 'A path begins with / and is encoded as in an address.');
    const probe = await startProbe(platform, { actor, environment, service });
    result = await runProbe(platform, { probe, path, routerAddress: config().BERTH_ROUTER_GATEWAY });
    return undefined;
  });
  return { service, path, ...(error && { error }), ...(result && { result }) };
}

'use server';

import { debugMinutes, debugMinutesMax } from '@berth/domain/debug-deploy';
import { UserError } from '@berth/domain/errors';
import { attachAddOn } from '@berth/platform/add-ons/attach-add-on';
import { createAddOn } from '@berth/platform/add-ons/create-add-on';
import { destroyAddOn } from '@berth/platform/add-ons/destroy-add-on';
import { detachAddOn } from '@berth/platform/add-ons/detach-add-on';
import { rotateCredentials } from '@berth/platform/add-ons/rotate-credentials';
import { destroyApp } from '@berth/platform/apps/destroy-app';
import { setMaintenance } from '@berth/platform/apps/set-maintenance';
import { cancelBuild } from '@berth/platform/builds/cancel-build';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import { debugRelease } from '@berth/platform/debug/debug-release';
import { setDebug } from '@berth/platform/debug/set-debug';
import { scaleFormation } from '@berth/platform/formation/scale-formation';
import { stopOneOffs } from '@berth/platform/one-offs/stop-one-offs';
import { rollBack } from '@berth/platform/releases/roll-back';
import { restartApp } from '@berth/platform/rollouts/restart-app';
import { askSleep } from '@berth/platform/sleep/ask-sleep';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { textOf } from '@/lib/form-values';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

/** Every action of an app's pages: who is signed in, one use case, the page anew. */
async function onApp(app: string, useCase: (actor: { userId: string }) => Promise<unknown>): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await useCase(actor);
    revalidatePath(`/apps/${app}`, 'layout');
    return undefined;
  });
}

export async function setConfigVarAction(app: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const changes = { [String(form.get('key'))]: String(form.get('value')) };
  return onApp(app, (actor) => setConfigVars(berth().platform, { actor, app, changes }));
}

export async function unsetConfigVarAction(app: string, key: string): Promise<ActionState> {
  return onApp(app, (actor) => setConfigVars(berth().platform, { actor, app, changes: { [key]: null } }));
}

/** A field that is left empty is for the use case to decide. */
export async function createAddOnAction(app: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const wish = {
    ...{ plan: textOf(form, 'plan'), name: textOf(form, 'name') || undefined },
    ...{ as: textOf(form, 'as') || undefined, path: textOf(form, 'path') || undefined },
  };
  return onApp(app, (actor) => createAddOn(berth().platform, { actor, app, ...wish }));
}

export async function attachAddOnAction(app: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const [addOn, name] = [textOf(form, 'addOn'), textOf(form, 'as') || undefined];
  return onApp(app, (actor) => attachAddOn(berth().platform, { actor, app, addOn, name }));
}

export async function detachAddOnAction(app: string, attachment: string): Promise<ActionState> {
  return onApp(app, (actor) => detachAddOn(berth().platform, { actor, attachment }));
}

export async function rotateCredentialsAction(app: string, addOn: string): Promise<ActionState> {
  return onApp(app, (actor) => rotateCredentials(berth().platform, { actor, addOn }));
}

export async function destroyAddOnAction(
  app: string,
  addOn: string,
  _state: ActionState,
  form: FormData,
): Promise<ActionState> {
  return onApp(app, async (actor) => {
    if (form.get('confirm') !== addOn) throw new UserError('invalid_params', `Type ${addOn} to destroy it.`);
    await destroyAddOn(berth().platform, { actor, addOn });
  });
}

export async function scaleAction(
  app: string,
  processType: string,
  _state: ActionState,
  form: FormData,
): Promise<ActionState> {
  const quantity = Number(form.get('quantity'));
  return onApp(app, (actor) => scaleFormation(berth().platform, { actor, app, changes: [{ processType, quantity }] }));
}

export async function restartAction(app: string): Promise<ActionState> {
  return onApp(app, (actor) => restartApp(berth().platform, { actor, app }));
}

/** It sleeps until somebody uses it. */
export async function sleepAction(app: string): Promise<ActionState> {
  return onApp(app, (actor) => askSleep(berth().platform, { actor, app, wish: 'sleep' }));
}

export async function wakeAction(app: string): Promise<ActionState> {
  return onApp(app, (actor) => askSleep(berth().platform, { actor, app, wish: 'wake' }));
}

export async function rollBackAction(app: string, version: number): Promise<ActionState> {
  return onApp(app, (actor) => rollBack(berth().platform, { actor, app, version }));
}

/** Starts its web process beside what is live, for the time that is usual. */
export async function debugReleaseAction(app: string, version: number): Promise<ActionState> {
  return onApp(app, (actor) =>
    debugRelease(berth().platform, { actor, app, version: `v${version}`, minutes: debugMinutes }),
  );
}

/** @param name `debug.1234` */
export async function endDebugAction(app: string, name: string): Promise<ActionState> {
  const [processType = '', number] = name.split('.');
  return onApp(app, (actor) => stopOneOffs(berth().platform, { actor, app, processType, number: Number(number) }));
}

export async function cancelBuildAction(app: string, build: string): Promise<ActionState> {
  return onApp(app, (actor) => cancelBuild(berth().platform, { actor, app, build }));
}

export async function setMaintenanceAction(app: string, isOn: boolean): Promise<ActionState> {
  return onApp(app, (actor) => setMaintenance(berth().platform, { actor, app, isOn }));
}

/** The form's `minutes` say for how long it is on. */
export async function setDebugAction(
  app: string,
  isOn: boolean,
  _state: ActionState,
  form: FormData,
): Promise<ActionState> {
  return onApp(app, (actor) => setDebug(berth().platform, { actor, app, minutes: isOn ? minutesOf(form) : null }));
}

function minutesOf(form: FormData): number {
  const minutes = Number(form.get('minutes'));
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= debugMinutesMax) return minutes;
  throw new UserError('invalid_params', `Debug is on for 1 to ${debugMinutesMax} minutes.`);
}

export async function destroyAppAction(app: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    if (form.get('confirm') !== app) throw new UserError('invalid_params', `Type ${app} to destroy it.`);
    await destroyApp(berth().platform, { actor, app });
    redirect('/');
  });
}

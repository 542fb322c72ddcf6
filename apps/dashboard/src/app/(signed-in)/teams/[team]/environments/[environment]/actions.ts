'use server';

import { UserError } from '@berth/domain/errors';
import type { Actor } from '@berth/platform/actor';
import { setSharedVars } from '@berth/platform/config-vars/set-shared-vars';
import { setRetention } from '@berth/platform/disk/set-retention';
import { changeEnvironment, type EnvironmentChanges } from '@berth/platform/environments/change-environment';
import { setEnvironmentRegistry } from '@berth/platform/environments/set-environment-registry';
import { setEnvironmentQuota } from '@berth/platform/quotas/set-quota';
import { setSleepPolicy } from '@berth/platform/sleep/set-sleep-policy';
import { revalidatePath } from 'next/cache';
import { type ActionState, act } from '@/lib/act';
import { config } from '@/lib/config';
import { limitsOf, numberOf, textOf, windowsOf } from '@/lib/form-values';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

interface Of {
  actor: Actor;
  team: string;
  environment: string;
}

/** Every action of an environment's pages: who is signed in, its use cases, the pages anew. */
async function onEnvironment(
  team: string,
  environment: string,
  body: (of: Of) => Promise<unknown>,
): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await body({ actor, team, environment });
    revalidatePath('/', 'layout');
    return undefined;
  });
}

const changePolicy = (of: Of, policy: unknown) =>
  changeEnvironment(berth().platform, { ...of, policy: policy as NonNullable<EnvironmentChanges['policy']> });

/** Who may deploy, when, and what a promotion waits for; the use case checks each part. */
export async function setPolicyAction(team: string, environment: string, _state: ActionState, form: FormData) {
  return onEnvironment(team, environment, async (of) =>
    changePolicy(of, {
      deployRole: textOf(form, 'deployRole'),
      approvals: numberOf(form, 'approvals') ?? 0,
      quantityMax: numberOf(form, 'quantityMax'),
      size: textOf(form, 'size') || null,
      gates: textOf(form, 'gates')
        .split('\n')
        .flatMap((line) => (line.trim() ? gateOf(line.trim()) : [])),
      windows: windowsOf(form, 'windows'),
    }),
  );
}

/** `/health` is a path, `$ npm run smoke` a command. */
const gateOf = (line: string) => (line.startsWith('$') ? { command: line.slice(1).trim() } : { path: line });

/** Nothing is deployed until somebody ends it, or until a time, which the form gives in the browser's own zone. */
export async function freezeAction(team: string, environment: string, _state: ActionState, form: FormData) {
  const until = textOf(form, 'until');
  const freeze = { reason: textOf(form, 'reason'), until: until === '' ? null : until };
  return onEnvironment(team, environment, (of) => changePolicy(of, { freeze }));
}

export async function endFreezeAction(team: string, environment: string) {
  return onEnvironment(team, environment, (of) => changePolicy(of, { freeze: null }));
}

export async function setSleepAction(team: string, environment: string, _state: ActionState, form: FormData) {
  return onEnvironment(team, environment, async (of) => {
    const changes = { afterMinutes: numberOf(form, 'afterMinutes'), awake: windowsOf(form, 'awake') };
    await setSleepPolicy(berth().platform, { ...of, changes });
  });
}

/** Which registry its images come from, and what is kept. */
export async function setKeepingAction(team: string, environment: string, _state: ActionState, form: FormData) {
  const registry = textOf(form, 'registry') === 'production' ? 'production' : 'dev';
  return onEnvironment(team, environment, async (of) => {
    const { platform } = berth();
    const keptDays = numberOf(form, 'keptDays');
    const keptLines = numberOf(form, 'keptLines');
    if (registry === 'production' && !config().BERTH_HAS_PRODUCTION_REGISTRY)
      throw new UserError('unsupported', 'This Berth has no production registry.');
    await setRetention(platform, {
      ...{ ...of, keptReleases: numberOf(form, 'keptReleases') },
      ...(keptDays !== null && { keptDays }),
      ...(keptLines !== null && { keptLines }),
    });
    if (form.has('registry')) await setEnvironmentRegistry(platform, { ...of, registry });
  });
}

export async function setQuotaAction(team: string, environment: string, _state: ActionState, form: FormData) {
  return onEnvironment(team, environment, async (of) =>
    setEnvironmentQuota(berth().platform, { ...of, limits: limitsOf(form, ['apps', 'memoryMiB', 'cpus', 'diskMiB']) }),
  );
}

export async function setSharedVarAction(team: string, environment: string, _state: ActionState, form: FormData) {
  const changes = {
    [textOf(form, 'key')]: { value: String(form.get('value') ?? ''), secret: form.get('secret') === 'on' },
  };
  return onEnvironment(team, environment, (of) => setSharedVars(berth().platform, { ...of, changes }));
}

export async function removeSharedVarAction(team: string, environment: string, key: string) {
  return onEnvironment(team, environment, (of) => setSharedVars(berth().platform, { ...of, changes: { [key]: null } }));
}

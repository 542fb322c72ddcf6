'use server';

import { setTeamQuota } from '@berth/platform/quotas/set-quota';
import { revalidatePath } from 'next/cache';
import { type ActionState, act } from '@/lib/act';
import { limitsOf } from '@/lib/form-values';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export async function setTeamQuotaAction(team: string, _state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    const limits = limitsOf(form, ['apps', 'environments', 'memoryMiB', 'cpus', 'diskMiB']);
    await setTeamQuota(berth().platform, { actor, team, limits });
    revalidatePath(`/teams/${team}`);
    return undefined;
  });
}

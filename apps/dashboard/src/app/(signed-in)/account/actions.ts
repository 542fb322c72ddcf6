'use server';

import { addSshKey } from '@berth/platform/ssh-keys/add-ssh-key';
import { removeSshKey } from '@berth/platform/ssh-keys/remove-ssh-key';
import { createToken } from '@berth/platform/tokens/create-token';
import { revokeToken } from '@berth/platform/tokens/revoke-token';
import { revalidatePath } from 'next/cache';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export async function createTokenAction(_state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    const { token } = await createToken(berth().platform, { actor, description: String(form.get('description')) });
    revalidatePath('/account');
    return { shown: token };
  });
}

export async function revokeTokenAction(id: string): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await revokeToken(berth().platform, { actor, id });
    revalidatePath('/account');
    return undefined;
  });
}

export async function addSshKeyAction(_state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await addSshKey(berth().platform, { actor, publicKey: String(form.get('publicKey')) });
    revalidatePath('/account');
    return undefined;
  });
}

export async function removeSshKeyAction(key: string): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    await removeSshKey(berth().platform, { actor, key });
    revalidatePath('/account');
    return undefined;
  });
}

'use server';

import { createApp } from '@berth/platform/apps/create-app';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export async function createAppAction(_state: ActionState, form: FormData): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    const name = String(form.get('name') ?? '').trim();
    const team = String(form.get('team') ?? '');
    const app = await createApp(berth().platform, { actor, ...(name && { name }), ...(team && { team }) });
    redirect(`/apps/${app.name}`);
  });
}

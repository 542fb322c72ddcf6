'use server';

import { acceptInvitation } from '@berth/platform/users/accept-invitation';
import { joinTeam } from '@berth/platform/users/join-team';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export async function acceptInvitationAction(
  secret: string,
  _state: ActionState,
  form: FormData,
): Promise<ActionState> {
  return act(async () => {
    await acceptInvitation(berth().platform, {
      secret,
      name: String(form.get('name')),
      email: String(form.get('email')),
      password: String(form.get('password')),
    });
    redirect('/sign-in');
  });
}

export async function joinTeamAction(secret: string): Promise<ActionState> {
  return act(async () => {
    await joinTeam(berth().platform, { actor: await requireActor(), secret });
    redirect('/');
  });
}

'use server';

import { acceptInvitation } from '@berth/platform/users/accept-invitation';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';

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

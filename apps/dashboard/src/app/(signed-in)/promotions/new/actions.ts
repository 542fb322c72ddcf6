'use server';

import { startPromotion } from '@berth/platform/promotions/start-promotion';
import { redirect } from 'next/navigation';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

export async function promoteAction(source: string, target: string): Promise<ActionState> {
  const actor = await requireActor();
  return act(async () => {
    const { id } = await startPromotion(berth().platform, { actor, source, target });
    redirect(`/promotions/${id}`);
  });
}

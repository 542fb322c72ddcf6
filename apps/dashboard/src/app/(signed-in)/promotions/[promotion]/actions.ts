'use server';

import { answerPromotion } from '@berth/platform/promotions/answer-promotion';
import { cancelPromotion } from '@berth/platform/promotions/cancel-promotion';
import { revalidatePath } from 'next/cache';
import { type ActionState, act } from '@/lib/act';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';

async function onPromotion(promotion: string, useCase: (actor: { userId: string }) => Promise<unknown>) {
  const actor = await requireActor();
  return act(async () => {
    await useCase(actor);
    revalidatePath(`/promotions/${promotion}`);
    return undefined;
  });
}

export async function answerAction(
  promotion: string,
  isApproved: boolean,
  _state: ActionState,
  form: FormData,
): Promise<ActionState> {
  const comment = String(form.get('comment') ?? '').trim();
  return onPromotion(promotion, (actor) =>
    answerPromotion(berth().platform, { actor, promotion, isApproved, comment }),
  );
}

export async function cancelAction(promotion: string): Promise<ActionState> {
  return onPromotion(promotion, (actor) => cancelPromotion(berth().platform, { actor, promotion }));
}

import type { Tx } from '@berth/db/client';
import { isAsleep, type SleepState, sleepState } from '@berth/domain/sleep-state';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

export interface SleepMove {
  appId: string;
  to: SleepState;
  /** Who sleeps; kept until it is awake. */
  rolloutId?: string;
  /** What its instances are charged as they fall asleep. */
  memoryBytes?: number;
  /** What of it has been given back from now on. */
  freedBytes?: number;
  /** Only when it sleeps as this rollout. */
  sleepsAs?: string;
}

const MiB = 1024 * 1024;

/** The only code that changes an app's place on the ladder of sleep, and its account of it. Undefined: no way leads there. */
export async function setSleepState(tx: Tx, after: AfterCommit, move: SleepMove) {
  const { appId, to, rolloutId, memoryBytes, freedBytes, sleepsAs } = move;
  const from = await tx.sleep.findUnique({ where: { appId } });
  if (!from || !sleepState.mayMoveTo(to).includes(from.state)) return undefined;
  if (sleepsAs !== undefined && from.rolloutId !== sleepsAs) return undefined;
  const now = new Date();
  const isOver = !isAsleep(to) && from.asleepAt !== null;
  const [moved] = await tx.sleep.updateManyAndReturn({
    where: { appId, state: from.state, since: from.since },
    data: {
      state: to,
      since: now,
      ...(to === 'falling_asleep' ? { rolloutId: rolloutId ?? null, freedBytes: 0, memoryBytes: 0 } : {}),
      ...(to === 'awake' ? { rolloutId: null, asked: null } : {}),
      ...(to === 'frozen' ? { asleepAt: now, memoryBytes: BigInt(memoryBytes ?? 0) } : {}),
      ...(freedBytes === undefined ? {} : { freedBytes: BigInt(Math.max(0, Math.round(freedBytes))) }),
      ...(isOver ? { asleepAt: null, freedBytes: 0, wakes: { increment: 1 } } : {}),
      savedMibSeconds: { increment: savedSince(from, now) },
      ...(isOver ? { sleptMs: { increment: now.getTime() - from.asleepAt!.getTime() } } : {}),
    },
  });
  if (!moved) return undefined;
  if (isAsleep(to) !== isAsleep(from.state) || (isAsleep(to) && to !== from.state)) {
    await addEvent(tx, { name: `app.${eventOf[to]}`, noun: 'app', nounId: appId, appId });
    after.lines.push({ appId, process: 'sleep', text: `State changed from ${wordOf(from.state)} to ${wordOf(to)}` });
  }
  after.wake.push('routes', `app:${appId}`);
  return moved;
}

const eventOf = {
  awake: 'woken',
  falling_asleep: 'falling-asleep',
  frozen: 'frozen',
  pushed_out: 'pushed-out',
  stopped: 'stopped-asleep',
  image_only: 'put-away',
  waking: 'waking',
} satisfies Record<SleepState, string>;

const wordOf = (state: SleepState): string => (state === 'falling_asleep' ? 'awake' : state.replace('_', ' '));

/** What the state that ends has saved, MiB × seconds. */
export function savedSince(
  { state, since, freedBytes }: { state: SleepState; since: Date; freedBytes: bigint },
  now: Date,
) {
  if (!isAsleep(state)) return 0n;
  return BigInt(Math.round((Number(freedBytes) / MiB) * Math.max(0, (now.getTime() - since.getTime()) / 1000)));
}

import type { Healthcheck } from '@berth/domain/process-type';
import type { Platform } from '../platform.js';

/** Wants a backend of HAProxy's stock for a rollout; the controller gives it a slot. Idempotent. */
export async function putBackend(
  platform: Platform,
  { rolloutId, healthcheck }: { rolloutId: string; healthcheck: Pick<Healthcheck, 'path' | 'strict'> },
): Promise<void> {
  const check = { healthPath: healthcheck.path, healthStrict: healthcheck.strict };
  await platform.db.routerBackend.upsert({ where: { rolloutId }, update: check, create: { rolloutId, ...check } });
  await platform.wake.publish(['routes']);
}

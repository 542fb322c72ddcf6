import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Right } from '../auth/rights.js';
import type { Platform } from '../platform.js';

/** A release of an app by its version (`3`, `'v3'`, `'3'`), its id, or `current`. */
export async function findReleaseFor(
  platform: Platform,
  { actor, app: name, version, right }: { actor: Actor; app: string; version: number | string; right: Right },
) {
  const app = await getAppFor(platform.db, { actor, app: name, right });
  const text = String(version);
  const number = /^v?(\d{1,9})$/.exec(text)?.[1];
  const key = text === 'current' ? (app.currentReleaseId ?? '') : text;
  const release = await platform.db.release.findFirst({
    where: { appId: app.id, ...(number ? { version: Number(number) } : { id: key }) },
  });
  if (!release) throw notFound('release', text);
  return { app, release };
}

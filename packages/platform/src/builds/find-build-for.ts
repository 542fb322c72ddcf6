import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Right } from '../auth/rights.js';
import type { Platform } from '../platform.js';
import { stepsInOrder } from '../steps/step-view.js';

export const buildInclude = {
  source: { select: { commit: true, message: true, push: { select: { id: true, ref: true } } } },
  release: { select: { id: true, version: true, status: true } },
  steps: stepsInOrder,
} as const;

/** A build of an app by its id. */
export async function findBuildFor(
  platform: Platform,
  { actor, app: name, build: id, right }: { actor: Actor; app: string; build: string; right: Right },
) {
  const app = await getAppFor(platform.db, { actor, app: name, right });
  const build = await platform.db.build.findFirst({ where: { appId: app.id, id }, include: buildInclude });
  if (!build) throw notFound('build', id);
  return { app, build };
}

export type BuildRow = Awaited<ReturnType<typeof findBuildFor>>['build'];

import type { Tx } from '@berth/db/client';
import { listReferences } from '@berth/domain/config-reference';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import type { Changes } from './plan-changes.js';

/** Who refers to another app's config must be allowed to see that. What leads nowhere is refused when it is resolved. */
export async function checkReferences(
  platform: Platform,
  tx: Tx,
  { actor, teamId, changes }: { actor: Actor; teamId: string; changes: Changes },
): Promise<void> {
  const references = changes.flatMap(([key, row]) =>
    row?.isReference ? listReferences(key, platform.secrets.open(row.value)) : [],
  );
  const services = [...new Set(references.map(({ scope }) => scope))];
  const apps = await tx.app.findMany({
    where: {
      ...{ teamId, destroyedAt: null },
      OR: [{ pipeline: { name: { in: services } } }, { pipelineId: null, name: { in: services } }],
    },
    select: { id: true },
  });
  for (const { id } of apps) await getAppFor(tx, { actor, app: id, right: 'app.view-config' });
}

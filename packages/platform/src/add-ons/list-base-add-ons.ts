import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Platform } from '../platform.js';

/** An add-on that project environments upon a stable environment share, copy, or get an empty one for. */
export interface BaseAddOn {
  environment: string;
  name: string;
  /** A copy of it can be masked. */
  isDatabase: boolean;
  /** Its users there, by name. */
  services: string[];
}

/** The add-ons that apps of a team's stable environments have. */
export async function listBaseAddOns(
  { db }: Platform,
  { actor, team }: { actor: Actor; team: string },
): Promise<BaseAddOn[]> {
  const { id: teamId } = await getTeamFor(db, { actor, team, right: 'team.view' });
  const attachments = await db.attachment.findMany({
    where: {
      app: { teamId, destroyedAt: null, pipelineId: { not: null }, environment: { kind: 'stable' } },
      addOn: { status: { not: 'deprovisioning' } },
    },
    select: {
      addOn: { select: { name: true, service: true } },
      app: { select: { environment: { select: { name: true } }, pipeline: { select: { name: true } } } },
    },
    orderBy: [{ app: { environment: { position: 'asc' } } }, { addOn: { name: 'asc' } }],
  });
  const found = new Map<string, BaseAddOn>();
  for (const { addOn, app } of attachments) {
    const key = `${app.environment.name} ${addOn.name}`;
    const isDatabase = addOn.service === 'heroku-postgresql';
    const fresh = { environment: app.environment.name, name: addOn.name, isDatabase, services: [] };
    const one: BaseAddOn = found.get(key) ?? fresh;
    const service = app.pipeline?.name ?? '';
    if (!one.services.includes(service)) one.services.push(service);
    found.set(key, one);
  }
  return [...found.values()];
}

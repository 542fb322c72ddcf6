import type { Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { mayDo } from '../auth/rights.js';
import { readConfig } from '../config-layers/read-config.js';
import type { Platform } from '../platform.js';
import { compareVars, type VarDifference } from './compare-vars.js';

export interface ServiceDifference {
  service: string;
  /** The app there; null: the environment lacks the service. */
  fromApp: string | null;
  toApp: string | null;
  vars: VarDifference[];
}

/** Per service of two environments of a team: which config vars differ or lack. What Berth itself gives is left out. */
export async function compareEnvironments(
  platform: Platform,
  { actor, team: name, from, to }: { actor: Actor; team: string; from: string; to: string },
): Promise<ServiceDifference[]> {
  return platform.db.$transaction(async (tx) => {
    const team = await getTeamFor(tx, { actor, team: name, right: 'team.view' });
    const maySee = mayDo(team.role, 'app.view-config');
    const [fromApps, toApps] = [await listServices(tx, team.id, from), await listServices(tx, team.id, to)];
    const services = [...new Set([...fromApps.keys(), ...toApps.keys()])].sort();
    const differences: ServiceDifference[] = [];
    for (const service of services) {
      const [one, other] = [fromApps.get(service), toApps.get(service)];
      const vars =
        one && other
          ? compareVars(await readConfig(platform, tx, one.id), await readConfig(platform, tx, other.id), maySee)
          : [];
      differences.push({ service, fromApp: one?.name ?? null, toApp: other?.name ?? null, vars });
    }
    return differences;
  });
}

async function listServices(tx: Tx, teamId: string, name: string): Promise<Map<string, { id: string; name: string }>> {
  const environment = await tx.environment.findFirst({ where: { teamId, name, destroyedAt: null } });
  if (!environment) throw notFound('environment', name);
  const apps = await tx.app.findMany({
    where: { environmentId: environment.id, destroyedAt: null },
    include: { pipeline: { select: { name: true } } },
  });
  return new Map(apps.map((app) => [app.pipeline?.name ?? app.name, app]));
}

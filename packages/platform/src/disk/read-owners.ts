import type { Platform } from '../platform.js';

/** Names that ids on the disk stand for. */
export interface Owners {
  teams: Map<string, string>;
  /** By app id; destroyed apps are not among them. */
  apps: Map<string, { name: string; team: string }>;
  /** Redis servers and volumes, by their key. */
  addOns: Map<string, { name: string; team: string; app: string | null }>;
}

export async function readOwners({ db }: Platform): Promise<Owners> {
  const named = { select: { name: true } } as const;
  const [teams, apps, addOns] = await Promise.all([
    db.team.findMany({ select: { id: true, name: true } }),
    db.app.findMany({
      where: { destroyedAt: null },
      select: { id: true, name: true, team: named },
    }),
    db.addOn.findMany({
      where: { service: { not: 'heroku-postgresql' } },
      select: { name: true, database: true, team: named, app: named },
    }),
  ]);
  return {
    teams: new Map(teams.map(({ id, name }) => [id, name])),
    apps: new Map(apps.map(({ id, name, team }) => [id, { name, team: team.name }])),
    addOns: new Map(
      addOns.map(({ name, database, team, app }) => [database, { name, team: team.name, app: app?.name ?? null }]),
    ),
  };
}

import type { Platform } from '../platform.js';

/** Names that ids on the disk stand for. */
export interface Owners {
  teams: Map<string, string>;
  /** By app id; destroyed apps are not among them. */
  apps: Map<string, { name: string; team: string }>;
  /** Redis add-ons, by the key of their server. */
  redis: Map<string, { name: string; team: string; app: string | null }>;
}

export async function readOwners({ db }: Platform): Promise<Owners> {
  const named = { select: { name: true } } as const;
  const [teams, apps, redis] = await Promise.all([
    db.team.findMany({ select: { id: true, name: true } }),
    db.app.findMany({
      where: { destroyedAt: null },
      select: { id: true, name: true, team: named },
    }),
    db.addOn.findMany({
      where: { service: 'heroku-redis' },
      select: { name: true, database: true, team: named, app: named },
    }),
  ]);
  return {
    teams: new Map(teams.map(({ id, name }) => [id, name])),
    apps: new Map(apps.map(({ id, name, team }) => [id, { name, team: team.name }])),
    redis: new Map(
      redis.map(({ name, database, team, app }) => [database, { name, team: team.name, app: app?.name ?? null }]),
    ),
  };
}

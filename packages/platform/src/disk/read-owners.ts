import type { Platform } from '../platform.js';

/** Names that ids on the disk stand for. */
export interface Owners {
  teams: Map<string, string>;
  /** By app id; destroyed apps are not among them. */
  apps: Map<string, { name: string; team: string }>;
}

export async function readOwners({ db }: Platform): Promise<Owners> {
  const [teams, apps] = await Promise.all([
    db.team.findMany({ select: { id: true, name: true } }),
    db.app.findMany({
      where: { destroyedAt: null },
      select: { id: true, name: true, team: { select: { name: true } } },
    }),
  ]);
  return {
    teams: new Map(teams.map(({ id, name }) => [id, name])),
    apps: new Map(apps.map(({ id, name, team }) => [id, { name, team: team.name }])),
  };
}

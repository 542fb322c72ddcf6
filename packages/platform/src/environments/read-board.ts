import { freezeNow } from '@berth/domain/check-deploy';
import { policyOf } from '@berth/domain/environment-policy';
import type { SleepState } from '@berth/domain/sleep-state';
import type { Actor } from '../actor.js';
import { type AppState, appViewInclude, toAppView } from '../apps/app-view.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { inLine } from '../lines/list-stages.js';
import type { Platform } from '../platform.js';

/** The stable environments of a team beside each other: what of each service runs where. */
export interface Board {
  team: { id: string; name: string };
  /** In their order. */
  environments: BoardEnvironment[];
  /** By name. */
  services: BoardService[];
}

export interface BoardEnvironment {
  name: string;
  /** Why nothing is deployed there now; null: deploys go on. */
  frozenFor: string | null;
}

export interface BoardService {
  /** The pipeline's name, or that of an app without one. */
  name: string;
  /** Environment's name → what runs there; no entry: the service is not in it. */
  cells: Map<string, BoardCell>;
}

export interface BoardCell {
  app: string;
  state: AppState;
  sleep: SleepState;
  webUrl: string;
  version: number | null;
  commit: string | null;
  /** The pipeline's app in the next stable environment, when it runs something else. */
  promoteTo: string | null;
  /** The promotion into it that waits for approvals; null: none does. */
  waitingPromotion: string | null;
}

/** The board of one team, for each of its members. */
export async function readBoard(
  platform: Platform,
  { actor, team: name }: { actor: Actor; team: string },
): Promise<Board> {
  const team = await getTeamFor(platform.db, { actor, team: name, right: 'team.view' });
  const [environments, apps] = await Promise.all([
    platform.db.environment.findMany({
      where: { teamId: team.id, kind: 'stable' },
      orderBy: [...inLine],
    }),
    platform.db.app.findMany({
      where: { teamId: team.id, destroyedAt: null, environment: { kind: 'stable' } },
      include: {
        ...appViewInclude,
        pipeline: { select: { name: true } },
        sleep: { select: { state: true } },
        promotionsTo: { where: { status: 'pending' }, select: { id: true }, orderBy: { id: 'desc' }, take: 1 },
      },
      orderBy: { name: 'asc' },
    }),
  ]);
  const services = new Map<string, BoardService>();
  for (const row of apps) {
    const service = row.pipeline?.name ?? row.name;
    const found = services.get(service) ?? { name: service, cells: new Map() };
    const { name: app, state, webUrl, currentRelease } = toAppView(platform, row, []);
    const { version = null, commit = null } = currentRelease ?? {};
    const sleep = row.sleep?.state ?? 'awake';
    const waitingPromotion = row.promotionsTo[0]?.id ?? null;
    const place = { app, state, sleep, webUrl, version, commit, promoteTo: null, waitingPromotion };
    found.cells.set(row.environment.name, place);
    services.set(service, found);
  }
  const line = environments.map(({ name: stage }) => stage);
  const pipelines = new Set(apps.flatMap(({ pipeline }) => pipeline?.name ?? []));
  for (const { name: service, cells } of services.values()) if (pipelines.has(service)) setPromotions(cells, line);
  return {
    team: { id: team.id, name: team.name },
    environments: environments.map((row) => ({
      name: row.name,
      frozenFor: freezeNow(policyOf(row), new Date())?.reason ?? null,
    })),
    services: [...services.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Each cell of the line may be promoted to the next that the service has. */
function setPromotions(cells: BoardService['cells'], line: readonly string[]): void {
  const stages = line.flatMap((name) => cells.get(name) ?? []);
  for (const [index, cell] of stages.entries()) {
    const next = stages[index + 1];
    if (next && cell.commit && cell.commit !== next.commit) cell.promoteTo = next.app;
  }
}

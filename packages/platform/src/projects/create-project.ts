import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import { defaultTtlHours, parseProjectName, parseTtlHours } from '@berth/domain/project-environment';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { checkProjectData, type ProjectData } from '../add-ons/project-data.js';
import { findTeam } from '../auth/find-team.js';
import { requireRoom } from '../capacity/require-room.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { requireQuota } from '../quotas/require-quota.js';
import { type FoundWish, findWish, type ServiceWish } from './find-wish.js';
import type { ProjectView } from './project-view.js';
import { putService } from './put-service.js';
import { readProjectView } from './read-project-view.js';

export interface NewProject {
  actor: Actor;
  name: string;
  /** A stable environment of the team. */
  base: string;
  /** The actor's first team that allows it, when none is named. */
  team?: string | undefined;
  services: readonly ServiceWish[];
  ttlHours?: number | undefined;
  /** It goes as soon as its branches are contained in main. */
  untilMerged?: boolean | undefined;
  /** A pull request or a pushed branch makes it (take-pull-request), not a person. */
  isHookMade?: boolean;
  /** What it gets of the base's add-ons; it shares them when nothing is said. */
  data?: ProjectData | undefined;
}

/** More services than this are a copy of the whole, which the base is there to save. */
const servicesMax = 50;

/**
 * A project environment with apps of its own for the services that it changes; every other service is answered by the base.
 * In one transaction: the environment, its apps, and the start of each. What takes time goes on by jobs.
 */
export async function createProject(platform: Platform, input: NewProject): Promise<ProjectView> {
  const { actor, services, ttlHours = defaultTtlHours, untilMerged = false, isHookMade = false } = input;
  const name = parseProjectName(input.name);
  const hours = parseTtlHours(ttlHours);
  checkServices(services);
  const id = await transaction(platform, async (tx, after) => {
    const { userId } = actor;
    const { id: teamId } = await findTeam(tx, { actor, team: input.team, right: 'environment.create' });
    const base = await tx.environment.findFirst({ where: { teamId, kind: 'stable', name: input.base } });
    if (!base) throw notFound('environment', input.base);
    if (input.data) await checkProjectData(tx, { baseId: base.id, data: input.data });
    await requireQuota(tx, { teamId, adds: { environments: 1 } });
    const expiresAt = new Date(Date.now() + hours * 3_600_000);
    const row = { name, teamId, baseId: base.id, ownerId: userId, untilMerged, isHookMade, expiresAt };
    const environment = await insert(tx, { ...row, ...(input.data ? { data: input.data } : {}) });
    await addEvent(tx, {
      ...{ name: 'environment.created', noun: 'environment', nounId: environment.id, teamId, userId },
      data: { name, base: base.name, services: services.map(({ service }) => service) },
    });
    const wishes: FoundWish[] = [];
    for (const wish of services) wishes.push(await findWish(tx, { teamId, baseId: base.id, wish }));
    await requireRoom(platform, tx, { environment: name, services: wishes });
    // In one order for everybody: each locks its repository.
    wishes.sort((a, b) => (a.pipeline.repositoryId < b.pipeline.repositoryId ? -1 : 1));
    for (const wish of wishes) await putService(platform, tx, after, { environment, wish, userId });
    after.jobs.push(await addJob(tx, 'environment.start', { environmentId: environment.id }));
    return environment.id;
  });
  return readProjectView(platform, id);
}

interface Row {
  name: string;
  teamId: string;
  baseId: string;
  ownerId: string;
  untilMerged: boolean;
  isHookMade: boolean;
  expiresAt: Date;
  data?: ProjectData;
}

/** Inserts the environment; the unique indexes decide who has a name, also against the team's stable ones. */
async function insert(tx: Tx, row: Row) {
  const { count } = await tx.environment.createMany({ data: [{ ...row, kind: 'project' }], skipDuplicates: true });
  if (count === 0) throw new UserError('conflict', `Name ${row.name} is already taken.`);
  const { name, teamId } = row;
  return tx.environment.findUniqueOrThrow({ where: { teamId_name: { teamId, name } } });
}

function checkServices(services: readonly ServiceWish[]): void {
  const names = services.map(({ service }) => service);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UserError('invalid_params', `${twice} is named twice.`);
  if (names.length > servicesMax)
    throw new UserError('invalid_params', `A project environment has ${servicesMax} services at the most.`);
}

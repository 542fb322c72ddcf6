import { UserError } from '@berth/domain/errors';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { type EnvironmentView, toEnvironmentView } from './environment-view.js';
import { findEnvironmentFor } from './find-environment-for.js';

/** Only without apps, and when no project environment stands upon it; a team keeps one. Returns what it was. */
export function deleteEnvironment(
  platform: Platform,
  of: { actor: Actor; team: string; environment: string },
): Promise<EnvironmentView> {
  return transaction(platform, async (tx, after) => {
    const found = await findEnvironmentFor(tx, { ...of, right: 'environment.change' });
    const { id, teamId, name } = found;
    await lockTeam(tx, teamId);
    const refuse = (why: string) => new UserError('conflict', `${name} cannot be deleted: ${why}.`);
    // One that is being destroyed still has containers in the environment's network.
    const apps = await tx.app.findMany({ where: { environmentId: id }, select: { name: true }, take: 3 });
    if (apps.length > 0) throw refuse(`apps are in it (${apps.map((app) => app.name.split('~')[0]).join(', ')})`);
    const projects = await tx.environment.findMany({ where: { baseId: id }, select: { name: true }, take: 3 });
    if (projects.length > 0) throw refuse(`it is the base of ${projects.map((project) => project.name).join(', ')}`);
    if ((await tx.environment.count({ where: { teamId, kind: 'stable' } })) === 1)
      throw refuse('it is the only one of the team');
    await tx.environment.delete({ where: { id } });
    if (found.subnet) after.jobs.push(await addJob(tx, 'network.remove', { environmentId: id }));
    const { userId } = of.actor;
    await addEvent(tx, {
      ...{ name: 'environment.deleted', noun: 'environment', nounId: id, teamId, userId, data: { name } },
    });
    after.wake.push('routes');
    return toEnvironmentView(found);
  });
}

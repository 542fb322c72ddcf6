import { UserError } from '@berth/domain/errors';
import { gatewayOf } from '@berth/domain/subnet-pool';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { getProjectFor } from '../projects/get-project-for.js';
import { readProjectView } from '../projects/read-project-view.js';

/** A project environment as a person's own machine is connected to it. */
export interface TetherPlace {
  environmentId: string;
  name: string;
  base: string;
  /** Address of its network that no instance has: the router takes calls of the machine as if they came from there. */
  address: string;
  /** Names of all services that answer in it, its own and its base's. */
  services: string[];
}

/**
 * What a machine may be connected to.
 * @param environment name or id of a project environment
 */
export async function findTetherPlace(
  platform: Platform,
  { actor, environment }: { actor: Actor; environment: string },
): Promise<TetherPlace> {
  const { id, name, subnet, base } = await getProjectFor(platform.db, {
    actor,
    environment,
    right: 'environment.tether',
  });
  if (!subnet || !base)
    throw new UserError('conflict', `Environment ${name} has no network yet: try again when its first service starts.`);
  const { services, fallbacks } = await readProjectView(platform, id);
  const names = [...services, ...fallbacks.filter(({ app }) => app !== null)].map(({ service }) => service);
  return { environmentId: id, name, base: base.name, address: gatewayOf(subnet), services: names.sort() };
}

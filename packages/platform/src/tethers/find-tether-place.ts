import { UserError } from '@berth/domain/errors';
import { gatewayOf } from '@berth/domain/subnet-pool';
import type { Platform } from '../platform.js';
import { getReachable, type WantedEnvironment } from './get-reachable.js';
import { listReachableServices } from './list-reachable-services.js';

/** An environment as a person's own machine is connected to it. */
export interface TetherPlace {
  environmentId: string;
  name: string;
  /** Null: it is a stable one. */
  base: string | null;
  /** Address of its network that no instance has: the router takes calls of the machine as if they came from there. */
  address: string;
  /** Names of all services that answer in it, its own and its base's. */
  services: string[];
}

/**
 * What a machine may be connected to, and which services of it the machine may answer for: those of a project environment alone, since
 * everybody's calls end at a stable one's.
 * @param detours services that the machine wants to answer for
 */
export async function findTetherPlace(
  platform: Platform,
  { detours, ...wanted }: WantedEnvironment & { detours: readonly string[] },
): Promise<TetherPlace> {
  const environment = await getReachable(platform.db, { ...wanted, right: 'environment.tether' });
  const { id, name, kind, subnet, base } = environment;
  if (kind === 'stable' && detours.length > 0)
    throw new UserError(
      'forbidden',
      `${name} is a stable environment: only services of a project environment can be answered by your machine.`,
    );
  if (!subnet)
    throw new UserError('conflict', `Environment ${name} has no network yet: try again when its first service starts.`);
  const services = await listReachableServices(platform, environment);
  return {
    ...{ environmentId: id, name, base: base?.name ?? null, address: gatewayOf(subnet) },
    services: services.map(({ service }) => service),
  };
}

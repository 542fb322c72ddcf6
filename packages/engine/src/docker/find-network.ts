import type Docker from 'dockerode';
import { statusOf } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { type Kind, type Labels, labelFilter, labelsOf } from './labels.js';

export interface OurNetwork {
  id: string;
  name: string;
  subnet: string;
}

export interface NewNetwork {
  kind: Kind;
  name: string;
  bridge: string;
  labels: Labels;
  /** The lowest free subnet, given those taken. */
  pickSubnet: (taken: readonly string[]) => string;
}

/** The network of ours with these labels, if there is one. */
export async function findNetwork(host: DockerHost, kind: Kind, labels: Labels): Promise<OurNetwork | undefined> {
  const [found] = await host.docker.listNetworks({ filters: labelFilter(host, kind, labels) });
  return found && toOurs(found);
}

export function toOurs(network: Docker.NetworkInspectInfo): OurNetwork {
  return { id: network.Id, name: network.Name, subnet: network.IPAM?.Config?.[0]?.Subnet ?? '' };
}

const attemptsMax = 5;
let making: Promise<unknown> = Promise.resolve();

/**
 * Makes a bridge network with a name and a subnet of its own, one at a time: the next must see this one's subnet. A
 * subnet that the daemon refuses as overlapping (another Berth took it in between) is passed over.
 */
export function createNetwork(host: DockerHost, network: NewNetwork): Promise<OurNetwork> {
  const made = making.then(() => createOne(host, network));
  making = made.catch(() => {});
  return made;
}

async function createOne(host: DockerHost, network: NewNetwork): Promise<OurNetwork> {
  await host.whenFirewalled();
  const known = await findNetwork(host, network.kind, network.labels);
  if (known) return known;
  const taken = await takenSubnets(host);
  for (let attempt = 1; ; attempt++) {
    const subnet = network.pickSubnet(taken);
    try {
      const { id } = await host.docker.createNetwork({
        Name: network.name,
        CheckDuplicate: true,
        Driver: 'bridge',
        IPAM: { Config: [{ Subnet: subnet }] },
        Options: { 'com.docker.network.bridge.name': network.bridge },
        Labels: labelsOf(host, network.kind, network.labels),
      });
      return { id, name: network.name, subnet };
    } catch (error) {
      // 403 is the daemon's answer for a subnet that overlaps another network's.
      if (statusOf(error) !== 403 || attempt === attemptsMax) throw error;
      taken.push(subnet);
    }
  }
}

/** CIDRs of all networks of the daemon, and of the host's routes as they were at start. */
async function takenSubnets(host: DockerHost): Promise<string[]> {
  const networks = await host.docker.listNetworks();
  const subnets = networks.flatMap((network) => network.IPAM?.Config?.map((config) => config.Subnet ?? '') ?? []);
  return [...subnets.filter((subnet) => /^[\d.]+\/\d+$/.test(subnet)), ...host.facts.routes];
}

import { createHash } from 'node:crypto';

/**
 * Every host-wide name of one Berth, derived from BERTH_INSTANCE, so that two Berths (a test's and a person's) live on
 * one host. Interface names have 15 characters at most (IFNAMSIZ): kind (2) + tag (4) + '-' + id (8).
 */
export interface HostNames {
  instance: string;
  /** 4 hex characters that stand for the instance in short names. */
  tag: string;
  /** nftables table. */
  table: string;
  /** Label on everything of ours in Docker: `berth.instance=<instance>`. */
  instanceLabel: string;
  cgroupParent: string;
  /** Name of the router's small network and its bridge; its gateway is where instances find DNS and the internal router. */
  routerNetwork: string;
  bridge: (kind: BridgeKind, id: string) => string;
  /** The prefix that firewall rules match, with nftables' trailing `*`. */
  bridgeGlob: (kind: BridgeKind) => string;
}

/** Networks of stable and of project environments, of builds, of the platform: what each may reach differs. */
export type BridgeKind = 'stable' | 'project' | 'build' | 'platform';

const kindPrefix: Record<BridgeKind, string> = { stable: 'be', project: 'bj', build: 'bb', platform: 'bp' };

export function hostNames(instance: string): HostNames {
  const tag = createHash('sha256').update(instance).digest('hex').slice(0, 4);
  const short = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 8);
  return {
    instance,
    tag,
    table: `berth_${tag}`,
    instanceLabel: `berth.instance=${instance}`,
    cgroupParent: `/berth-${tag}`,
    routerNetwork: `${instance}-router`,
    bridge: (kind, id) => `${kindPrefix[kind]}${tag}-${short(id)}`,
    bridgeGlob: (kind) => `${kindPrefix[kind]}${tag}-*`,
  };
}

import { commonSettings, parseConfig, productionRegistrySettings, registryTokenSettings } from '@berth/daemon/config';
import { z } from 'zod';

/*
 * What this process needs of its container. It is the only one that has any of it.
 *
 *     user 0:0, cap_drop ALL, no-new-privileges, read-only root (the Docker socket is root's right already; no capability is used)
 *     /var/run/docker.sock:/var/run/docker.sock
 *     <run volumes>:/run/berth/{build,release,attach}        one socket each; a process gets the directory of its own
 *     <BERTH_DISKS_DIR>:<BERTH_DISKS_DIR>                     the same path inside and outside: disk images of builds
 *     /dev:/dev  +  device_cgroup_rules 'b 7:* rwm', 'c 10:237 rwm'   loop devices of those images
 *     /sys/fs/cgroup:/sys/fs/cgroup                           counters of apps and builds; freezing and pushing out of apps
 *     platform network with REDIS_URL reachable; port 8001 is its health
 *
 * It runs on the host without a container as well (tests, `npm run dev`), as root, with the same settings.
 * It starts one helper container of BERTH_IMAGE with NET_ADMIN on the host's network, for the firewall table.
 */

const cidrs = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .pipe(z.array(z.cidrv4()));

const settings = z.object({
  ...commonSettings,
  ...registryTokenSettings,
  ...productionRegistrySettings,
  /** The production registry as the Docker daemon sees it, when that is not the host of its URL. */
  BERTH_PRODUCTION_REGISTRY_PULL_HOST: z.string().optional(),
  REDIS_URL: z.url(),
  /** Our registry as the Docker daemon sees it: a loopback address, which it takes without TLS. */
  REGISTRY_PULL_HOST: z.string().regex(/^[a-z0-9.-]+:\d+$/),
  /** The platform image: helper container with nft and tini. */
  BERTH_IMAGE: z.string(),
  /** Where the sockets are made: build/engine.sock, release/engine.sock. */
  BERTH_RUN_DIR: z.string().default('/run/berth'),
  /** Disk images of builds: workspaces, and caches that are kept. A path of the host. */
  BERTH_DISKS_DIR: z.string().startsWith('/').default('/var/lib/berth/disks'),
  /** All our networks are cut from this. */
  BERTH_SUBNET_POOL: z.cidrv4().default('100.64.0.0/12'),
  /** CA bundle of the host, a path of the host; mounted in jails and instances. */
  BERTH_CA_BUNDLE: z.string().default('/etc/ssl/certs/ca-certificates.crt'),
  /** Private ranges that builds, apps of stable and of project environments may reach all the same: CIDRs, comma between. */
  BERTH_ALLOW_PRIVATE_BUILD: cidrs,
  BERTH_ALLOW_PRIVATE_STABLE: cidrs,
  BERTH_ALLOW_PRIVATE_PROJECT: cidrs,
  /** Build jails that wait prepared, about 10 MiB each: so many of the apps that were built last, and as many of tools for new ones. 0 = none. */
  BERTH_PREPARED_JAILS: z.coerce.number().int().min(0).max(64).default(4),
  /** Builds run in the CPU time that nothing else wants. `false`: all together as much as all apps together. */
  BERTH_BUILDS_YIELD: z.enum(['true', 'false']).default('true'),
  DOCKER_SOCKET: z.string().default('/var/run/docker.sock'),
  BERTH_CGROUP_ROOT: z.string().default('/sys/fs/cgroup'),
  HEALTH_PORT: z.coerce.number().int().default(8001),
});
export type Config = z.infer<typeof settings>;

export const readConfig = (): Config => parseConfig(settings);

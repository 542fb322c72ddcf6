import type { Logger } from '@berth/daemon/logger';
import type { ReleaseEngine } from '@berth/engine/interface';
import type { Registry } from '@berth/images/registry';
import type { CacheLimits } from '@berth/platform/collections/drop-cached-layers';
import type { Platform } from '@berth/platform/platform';

/** What the jobs of the disk work with. */
export interface DiskKeeper {
  platform: Platform;
  engine: ReleaseEngine;
  registry: Registry;
  /** Where images of production environments are copied to; undefined when this Berth has none. */
  production?: { registry: Registry; prefix: string } | undefined;
  logger: Logger;
  /** Of each team's cached dependencies. */
  cacheLimits: CacheLimits;
}

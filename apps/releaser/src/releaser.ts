import type { Logger } from '@berth/daemon/logger';
import type { ReleaseEngine } from '@berth/engine/interface';
import type { ForeignRegistry } from '@berth/images/foreign-registry';
import type { Registry } from '@berth/images/registry';
import type { Platform } from '@berth/platform/platform';
import type { DataServer } from './data/data-server.js';

/** What every step and job of this process works with. */
export interface Releaser {
  platform: Platform;
  engine: ReleaseEngine;
  logger: Logger;
  /** Where builds push. */
  registry: Registry;
  /** Where images of production environments are copied to; undefined when this Berth has none. `isOurs`: collections free its blobs. */
  production: (ForeignRegistry & { isOurs: boolean }) | undefined;
  /** Where apps' databases are; undefined when this Berth has none. */
  data: DataServer | undefined;
  /** Longest run of a release phase, ms. */
  releasePhaseTimeoutMs: number;
}

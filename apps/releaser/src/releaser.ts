import type { Logger } from '@berth/daemon/logger';
import type { ReleaseEngine } from '@berth/engine/interface';
import type { ForeignRegistry } from '@berth/images/foreign-registry';
import type { Registry } from '@berth/images/registry';
import type { Platform } from '@berth/platform/platform';

/** What every step and job of this process works with. */
export interface Releaser {
  platform: Platform;
  engine: ReleaseEngine;
  logger: Logger;
  /** Where builds push. */
  registry: Registry;
  /** Where images of production environments are copied to; undefined when this Berth has none. */
  production: ForeignRegistry | undefined;
  /** Longest run of a release phase, ms. */
  releasePhaseTimeoutMs: number;
}

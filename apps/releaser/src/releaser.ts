import type { Logger } from '@berth/daemon/logger';
import type { ReleaseEngine } from '@berth/engine/interface';
import type { Platform } from '@berth/platform/platform';

/** What every step and job of this process works with. */
export interface Releaser {
  platform: Platform;
  engine: ReleaseEngine;
  logger: Logger;
  /** Longest run of a release phase, ms. */
  releasePhaseTimeoutMs: number;
}

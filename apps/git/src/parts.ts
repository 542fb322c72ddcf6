import type { Logger } from '@berth/daemon/logger';
import type { Registry } from '@berth/images/registry';
import type { Platform } from '@berth/platform/platform';
import type { Config } from './config.js';

/** What this process works with; opened once in main.ts. */
export interface Parts {
  config: Config;
  platform: Platform;
  registry: Registry;
  logger: Logger;
  /** Aborted when the process is asked to stop: pushes that are followed are told so. */
  stopping: AbortSignal;
}

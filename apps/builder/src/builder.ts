import type { Logger } from '@berth/daemon/logger';
import type { BuildEngine, JailLimits } from '@berth/engine/interface';
import type { Registry } from '@berth/images/registry';
import type { Platform } from '@berth/platform/platform';
import type { Sources } from '@berth/runtimes/sources';
import type { Admission } from './admission.js';
import type { Bases } from './bases.js';

/** What every step and build of this process works with. */
export interface Builder {
  platform: Platform;
  engine: BuildEngine;
  registry: Registry;
  bases: Bases;
  admission: Admission;
  logger: Logger;
  limits: BuildLimits;
  /** Where packages come from, for us and for jails. */
  sources: Sources;
  /** Address of the registry's read-only mirror, as builds by Dockerfile see it: `host:port`. */
  mirror: string;
  /** HMAC key for values in cache keys; from the installation's secret key. */
  keySecret: Buffer;
}

export interface BuildLimits {
  jail: JailLimits;
  timeoutMs: number;
  outputBytes: number;
  /** Disk of BuildKit's state and cache, per app. */
  dockerfileBytes: number;
  /** Memory of the host that builds leave to the apps. */
  headroomBytes: number;
  /** Sum of the files of a source, unpacked. */
  sourceBytes: number;
}

/** Files in one source, layer or jail. */
export const entriesMax = 500_000;

import { goRuntime } from './go/runtime.js';
import { nodeRuntime } from './node/runtime.js';
import type { Runtime } from './runtime.js';

/** Every runtime there is, by the name that berth.yaml and builds use. */
export const runtimes = {
  node: nodeRuntime,
  go: goRuntime,
} satisfies Record<string, Runtime>;

export type RuntimeName = keyof typeof runtimes;

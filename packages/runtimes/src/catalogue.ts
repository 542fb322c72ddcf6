import { goRuntime } from './go/runtime.js';
import { javaRuntime } from './java/runtime.js';
import { nodeRuntime } from './node/runtime.js';
import { phpRuntime } from './php/runtime.js';
import { pythonRuntime } from './python/runtime.js';
import { rubyRuntime } from './ruby/runtime.js';
import type { Runtime } from './runtime.js';
import { rustRuntime } from './rust/runtime.js';
import { stackRuntime } from './stack/runtime.js';
import { staticRuntime } from './static/runtime.js';

/** Every runtime there is, by the name that berth.yaml and builds use. */
export const runtimes = {
  node: nodeRuntime,
  python: pythonRuntime,
  go: goRuntime,
  java: javaRuntime,
  ruby: rubyRuntime,
  php: phpRuntime,
  rust: rustRuntime,
  static: staticRuntime,
  stack: stackRuntime,
} satisfies Record<string, Runtime>;

export type RuntimeName = keyof typeof runtimes;

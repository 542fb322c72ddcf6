import type { PushedImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import type { Tool } from './npm/tools.js';
import type { Sources } from './sources.js';

/** What runtimes are made with. */
export interface RuntimeParts {
  registry: Registry;
  sources: Sources;
  /** What they will lie on. */
  stack: PushedImage;
  /** A list of versions from a package registry, kept for a while by the caller. */
  listing: <T>(key: string, read: () => Promise<T>) => Promise<T>;
}

/** A language's interpreter or toolchain: how a version is found and what its layers hold. One folder each. */
export interface Runtime {
  /** `Node.js` */
  title: string;
  /** true: the layer is made of the stack's own packages and fits no other stack. */
  isOnStack: boolean;
  /** The exact version that an app's wish means now: the newest patch of what it asks for. A UserError says what there is. */
  resolve: (parts: RuntimeParts, wish: string | undefined) => Promise<string>;
  /** Sentences for the build's output about the version that a wish was resolved to. */
  warnings?: (parts: RuntimeParts, wish: string | undefined, version: string) => Promise<readonly string[]>;
  /**
   * `runtime/<name>:<tag>`: the layers that images get above the stack, none when nothing is needed at run time. The
   * configuration's env is what images need (PATH as a whole); labels berth.runtime, berth.version, berth.recipe, berth.abi
   * (what a rebase may not cross). Made at first use, cheap when it is there.
   */
  ensureRun: (parts: RuntimeParts, version: string) => Promise<PushedImage>;
  /**
   * `build/<name>:<tag>`: the image of the jail: stack, runtime, toolchain, tools, and jailEntries. The configuration's env
   * is what every command of a build gets.
   */
  ensureBuild: (parts: RuntimeParts, version: string, tools: readonly Tool[]) => Promise<PushedImage>;
}

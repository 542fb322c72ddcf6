import { TransientError } from '@berth/domain/errors';
import type { PushedImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { ensureNodeBuildImage } from '@berth/runtimes/node/ensure-node-build-image';
import { ensureNodeRuntime, listNodeVersions } from '@berth/runtimes/node/ensure-node-runtime';
import { pickNodeVersion } from '@berth/runtimes/node/node-version';
import { ensureTool } from '@berth/runtimes/npm/ensure-tool';
import type { NpmRegistry } from '@berth/runtimes/npm/npm-registry';
import type { Tool } from '@berth/runtimes/npm/tools';
import { findStack } from '@berth/runtimes/stacks/ensure-stack';

export type NodeRuntime = PushedImage & { version: string };

/** What images are built upon. Records are kept in memory: an unchanged push asks the registry for none of them. */
export interface Bases {
  stack: () => Promise<PushedImage>;
  /** The exact version that a wish of an app means now. */
  nodeVersion: (wish: string | undefined) => Promise<string>;
  /** Made at first use. */
  nodeRuntime: (version: string) => Promise<NodeRuntime>;
  tool: (tool: Tool) => Promise<PushedImage>;
  /** The image of the jail. */
  nodeBuildImage: (version: string, tool: Tool | undefined) => Promise<PushedImage>;
  /** After a blob was found missing: the registry was emptied or collected. */
  forget: () => void;
}

/** A new stack (npm start makes one) is used within this time, ms. */
const stackFreshMs = 30_000;
/** A new version of a runtime is used within this time, ms. */
const versionsFreshMs = 3_600_000;

export function openBases({ registry, npm }: { registry: Registry; npm: NpmRegistry }): Bases {
  const kept = new Map<string, Promise<unknown>>();
  const keep = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const found = kept.get(key) as Promise<T> | undefined;
    if (found) return found;
    const made = make();
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    return made;
  };
  const stack = refreshed(stackFreshMs, async () => {
    const found = await findStack(registry);
    if (!found) throw new TransientError('the stack is not in the registry; npm start makes it');
    return found;
  });
  const versions = refreshed(versionsFreshMs, () => listNodeVersions(npm));
  const nodeRuntime = (version: string) => keep(`node:${version}`, () => ensureNodeRuntime({ registry, npm, version }));
  return {
    stack: stack.get,
    nodeVersion: async (wish) => pickNodeVersion(wish, await versions.get()),
    nodeRuntime,
    tool: (tool) => keep(`${tool.name}:${tool.version}`, () => ensureTool({ registry, npm, tool })),
    nodeBuildImage: async (version, tool) => {
      const [base, runtime] = await Promise.all([stack.get(), nodeRuntime(version)]);
      const key = `build:${base.digest}:${runtime.digest}:${tool?.name}:${tool?.version}`;
      return keep(key, () => ensureNodeBuildImage({ registry, npm, stack: base, runtime, tool }));
    },
    forget: () => {
      kept.clear();
      stack.forget();
    },
  };
}

/** A value that is read again after `freshMs`, in the background; an old one is better than none. */
function refreshed<T>(freshMs: number, read: () => Promise<T>) {
  let value: Promise<T> | undefined;
  let readAt = 0;
  return {
    get: async (): Promise<T> => {
      if (!value) {
        readAt = Date.now();
        value = read();
        value.catch(() => {
          value = undefined;
        });
      } else if (Date.now() - readAt > freshMs) {
        readAt = Date.now();
        read().then(
          (fresh) => {
            value = Promise.resolve(fresh);
          },
          () => {},
        );
      }
      return value;
    },
    forget: () => {
      value = undefined;
    },
  };
}

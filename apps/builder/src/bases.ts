import { TransientError, UserError } from '@berth/domain/errors';
import type { PushedImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { ensureOpenTelemetry } from '@berth/propagation/ensure-opentelemetry';
import { ensurePropagator } from '@berth/propagation/ensure-propagator';
import type { CompileAgent } from '@berth/propagation/java-agent';
import type { CompileBuildkit } from '@berth/runtimes/buildkit/ensure-buildkit-programs';
import { type DockerfileTools, ensureDockerfileTools } from '@berth/runtimes/buildkit/ensure-dockerfile-tools';
import { type RuntimeName, runtimes } from '@berth/runtimes/catalogue';
import { ensureMirrorImage } from '@berth/runtimes/mirror/ensure-mirror-image';
import type { MirrorWish } from '@berth/runtimes/mirror/mirror-names';
import { ensureTool } from '@berth/runtimes/npm/ensure-tool';
import type { Tool } from '@berth/runtimes/npm/tools';
import type { Runtime, RuntimeParts } from '@berth/runtimes/runtime';
import { npmOf, type Sources } from '@berth/runtimes/sources';
import { findStack } from '@berth/runtimes/stacks/ensure-stack';

/** What images are built upon. Records are kept in memory: an unchanged push asks the registry for none of them. */
export interface Bases {
  stack: () => Promise<PushedImage>;
  /** The exact version of a runtime that a wish of an app means now. */
  resolve: (name: RuntimeName, wish: string | undefined) => Promise<string>;
  /** What an app's people should know of that version. */
  warnings: (name: RuntimeName, wish: string | undefined, version: string) => Promise<readonly string[]>;
  /** The layers of a runtime, made at first use. */
  runtime: (name: RuntimeName, version: string) => Promise<PushedImage>;
  /**
   * What carries the environment's mark through processes of a runtime, if there is such a thing. Without `compile` Java's is
   * not there before some build has made it.
   */
  propagator: (name: RuntimeName, compile?: CompileAgent) => Promise<PushedImage | undefined>;
  /** OpenTelemetry's agent for Java, which stands in for ours. */
  openTelemetry: () => Promise<PushedImage>;
  tool: (tool: Tool) => Promise<PushedImage>;
  /** The image of the jail. */
  buildImage: (name: RuntimeName, version: string, tools: readonly Tool[]) => Promise<PushedImage>;
  /** Our answer to a public image that a Dockerfile names. */
  mirror: (wish: MirrorWish) => Promise<PushedImage>;
  /** What builds Dockerfiles; `compile` makes BuildKit's programs when the registry does not have them. */
  dockerfileTools: (compile: CompileBuildkit) => Promise<DockerfileTools>;
  /** After a blob was found missing: the registry was emptied or collected. */
  forget: () => void;
}

const runtimeOf = (name: RuntimeName): Runtime => runtimes[name];

/** A new stack (npm start makes one) is used within this time, ms. */
const stackFreshMs = 30_000;
/** A new version of a runtime is used within this time, ms. */
const versionsFreshMs = 3_600_000;

/** Then it is looked for again, which shows a collection that it is in use, ms. */
const keptMs = 24 * 3_600_000;

export function openBases(options: {
  registry: Registry;
  sources: Sources;
  /** A version of the stack in place of the newest. */
  stackVersion?: string | undefined;
}): Bases {
  const { registry, sources, stackVersion } = options;
  const kept = new Map<string, { made: Promise<unknown>; at: number }>();
  const keep = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const found = kept.get(key);
    if (found && Date.now() - found.at < keptMs) return found.made as Promise<T>;
    const made = make();
    kept.set(key, { made, at: Date.now() });
    made.catch(() => kept.delete(key));
    return made;
  };
  const stack = refreshed(stackFreshMs, async () => {
    const found = await findStack(registry, stackVersion);
    if (found) return found;
    if (stackVersion !== undefined) throw new UserError('not_found', `There is no stack of version ${stackVersion}.`);
    throw new TransientError('the stack is not in the registry; npm start makes it');
  });
  const listings = new Map<string, Refreshed<unknown>>();
  const listing = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = (listings.get(key) as Refreshed<T> | undefined) ?? refreshed(versionsFreshMs, read);
    listings.set(key, known);
    return known.get();
  };
  const parts = async (): Promise<RuntimeParts> => ({ registry, sources, stack: await stack.get(), listing });
  return {
    stack: stack.get,
    resolve: async (name, wish) => runtimes[name].resolve(await parts(), wish),
    warnings: async (name, wish, version) => (await runtimeOf(name).warnings?.(await parts(), wish, version)) ?? [],
    runtime: async (name, version) => {
      const made = await parts();
      return keep(`${name}:${version}:${made.stack.digest}`, () => runtimes[name].ensureRun(made, version));
    },
    propagator: async (name, compile) => {
      const key = `propagator:${name}:${compile ? 'made' : 'found'}`;
      const found = await keep(key, () => ensurePropagator({ registry, sources }, name, compile));
      if (!found) kept.delete(key);
      return found;
    },
    openTelemetry: () => keep('opentelemetry', () => ensureOpenTelemetry({ registry, sources })),
    tool: (tool) => keep(`${tool.name}:${tool.version}`, () => ensureTool({ registry, npm: npmOf(sources), tool })),
    buildImage: async (name, version, tools) => {
      const made = await parts();
      const names = tools.map((tool) => `${tool.name}-${tool.version}`).join();
      const key = `build:${name}:${version}:${names}:${made.stack.digest}`;
      return keep(key, () => runtimes[name].ensureBuild(made, version, tools));
    },
    mirror: async (wish) => {
      const made = await parts();
      const version = wish.runtime && (await runtimes[wish.runtime].resolve(made, wish.wish));
      const key = `mirror:${wish.repository}:${wish.tag}:${version}:${made.stack.digest}`;
      const image = await keep(key, () => ensureMirrorImage(made, wish));
      // No layer of ours is mounted from it before the build asks for it: it may have been collected since.
      if (await registry.getManifest(image.repository, image.digest)) return image;
      kept.delete(key);
      return keep(key, () => ensureMirrorImage(made, wish));
    },
    dockerfileTools: async (compile) => {
      const made = await parts();
      return keep(`dockerfile:${made.stack.digest}`, () => ensureDockerfileTools(made, compile));
    },
    forget: () => {
      kept.clear();
      stack.forget();
    },
  };
}

interface Refreshed<T> {
  get: () => Promise<T>;
  forget: () => void;
}

/** A value that is read again after `freshMs`, in the background; an old one is better than none. */
function refreshed<T>(freshMs: number, read: () => Promise<T>): Refreshed<T> {
  let value: Promise<T> | undefined;
  let readAt = 0;
  return {
    get: async () => {
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

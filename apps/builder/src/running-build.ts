import { UserError } from '@berth/domain/errors';
import { secretValues } from '@berth/domain/secret-values';
import type { Lease } from '@berth/jobs/lease';
import type { JobContext } from '@berth/jobs/work';
import { isBuildWanted } from '@berth/platform/builds/is-build-wanted';
import type { BuildWork } from '@berth/platform/builds/start-build';
import { type BuildOutput, openBuildOutput } from './build-output.js';
import type { Builder } from './builder.js';
import { type Jail, openJail } from './jail.js';
import { pruneCache } from './prune-cache.js';

/** Runs one named step of a build's workflow: people see when it began and how it ended. */
export type RunStep = <T>(name: string, body: () => Promise<T>) => Promise<T>;

/** One build while it runs: its work, its output, its jail, and the signal that ends all of it. */
export interface RunningBuild extends BuildWork {
  builder: Builder;
  lease: Lease;
  output: BuildOutput;
  /** Aborted by cancel, deadline, too much output, a lost lease; the reason says which. */
  signal: AbortSignal;
  /** Ends the build with this error. */
  abort: (reason: unknown) => void;
  /** Not there until the first step asks for it. */
  jail: Jail;
  /** Closes the jail and stops watching. */
  close: () => Promise<void>;
}

export async function openRunningBuild(builder: Builder, work: BuildWork, context: JobContext): Promise<RunningBuild> {
  const { limits } = builder;
  const ended = new AbortController();
  const abort = (reason: unknown) => ended.abort(reason);
  const onJobAbort = () => abort(context.signal.reason);
  context.signal.addEventListener('abort', onJobAbort, { once: true });
  const minutes = Math.round(limits.timeoutMs / 6_000) / 10;
  const deadline = setTimeout(
    () => abort(new UserError('build_timeout', `The build took longer than ${minutes} minutes and was stopped.`)),
    limits.timeoutMs,
  );
  const output = await openBuildOutput(builder, {
    appId: work.app.id,
    buildId: work.build.id,
    secrets: secretValues(work.config),
  });
  const stopWatching = new AbortController();
  const watching = watchWanted(builder, work.build.id, abort, stopWatching.signal);
  const jail = openJail({ builder, work, output, signal: ended.signal, abort });
  return {
    ...work,
    builder,
    lease: context.lease,
    output,
    signal: ended.signal,
    abort,
    jail,
    close: async () => {
      clearTimeout(deadline);
      context.signal.removeEventListener('abort', onJobAbort);
      stopWatching.abort();
      if (jail.peakBytes() !== undefined && !ended.signal.aborted)
        await pruneCache(jail).catch((error) => builder.logger.debug({ err: error }, 'prune cache'));
      await Promise.all([jail.close(), watching]);
    },
  };
}

/** Aborts the build as soon as nobody wants it any more; woken by cancel, and looking once a second. */
async function watchWanted(
  { platform, logger }: Builder,
  buildId: string,
  abort: (reason: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await platform.wake.wait([`build:${buildId}`], 1_000, signal);
    if (signal.aborted) return;
    const isWanted = await isBuildWanted(platform, { buildId }).catch((error) => {
      logger.warn({ err: error }, 'is the build wanted');
      return true;
    });
    if (!isWanted) return abort(new UserError('cancelled', 'The build was cancelled.'));
  }
}

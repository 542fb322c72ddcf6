import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { BuildCommand } from '@berth/buildpacks/build-plan';
import { packagesCache } from '@berth/domain/cache-key';
import { UserError } from '@berth/domain/errors';
import type { BuildEngine, ImageRef, JailShape, OpenedJail } from '@berth/engine/interface';
import type { LayerEntry } from '@berth/images/layer';
import { packTar } from '@berth/images/pack-tar';
import type { BuildWork } from '@berth/platform/builds/start-build';
import type { BuildOutput } from './build-output.js';
import type { Builder } from './builder.js';
import { CommandFailedError } from './command-failed.js';

/** Where the app lies in a jail; archives carry `app/` as their first directory, as layers do. */
export const workspace = '/workspace';
export const appDirectory = '/workspace/app';

/** Files that change after this one was made are the build's own. */
export const buildMarker = '/workspace/build-started';

type Command = readonly [string, ...string[]];

/** The jail of one build: opened when the first step needs it, gone with the build. */
export interface Jail {
  /** `more` says how it differs from the jail of a build by buildpack. */
  open: (image: ImageRef, more?: Partial<Omit<JailShape, 'image'>>) => Promise<void>;
  /** A command of the customer's, with its output shown. CommandFailedError when it ends with another code than 0. */
  run: (command: BuildCommand, env: Record<string, string>, directory?: string) => Promise<void>;
  /** Does a command end with 0? Nothing is shown. */
  ask: (argv: BuildCommand['argv'], env: Record<string, string>) => Promise<boolean>;
  /** A command of ours, with nothing shown. */
  runQuietly: (argv: Command, directory?: string) => Promise<void>;
  /** `first`: a short command of ours before the files come; in an exec of its own it would cost as much again. */
  put: (entries: readonly LayerEntry[], first?: Command) => Promise<void>;
  putTar: (tar: Readable) => Promise<void>;
  get: (directory: string, first?: Command) => Promise<Readable>;
  /** Is it the first jail on the app's cache disk? Else an earlier build may have left there what it wanted. */
  isCacheNew: () => Promise<boolean>;
  /** The most memory that its commands took, bytes; undefined: none ran. */
  peakBytes: () => number | undefined;
  close: () => Promise<void>;
}

export function openJail(of: {
  builder: Builder;
  work: BuildWork;
  output: BuildOutput;
  signal: AbortSignal;
  abort: (reason: unknown) => void;
}): Jail {
  const { engine, limits } = of.builder;
  let opened: Promise<OpenedJail> | undefined;
  let closed: Promise<void> | undefined;
  let outputBytes = 0;
  let peakBytes: number | undefined;

  const close = () => {
    closed ??= (async () => {
      const jail = await opened?.catch(() => undefined);
      if (jail) await engine.closeJail(jail.jailId);
      else if (!of.signal.aborted) await closeOlder(engine, of.work).catch(() => {}); // what is left is swept (sweep-jails.ts)
    })();
    return closed;
  };
  // Not only the command that runs: also an archive on its way ends at once.
  of.signal.addEventListener('abort', () => void close().catch(() => {}), { once: true });

  const id = async () => {
    of.signal.throwIfAborted();
    if (!opened) throw new Error('the jail is not open');
    return (await opened).jailId;
  };
  const countOutput = (chunk: Buffer) => {
    outputBytes += chunk.length;
    if (outputBytes <= limits.outputBytes) return;
    const KiB = Math.floor(limits.outputBytes / 1024);
    of.abort(new UserError('build_output_limit', `The build printed more than ${KiB} KiB and was stopped.`));
  };
  const exec = async (argv: BuildCommand['argv'], env: Record<string, string>, cwd: string, show: boolean) => {
    const decoder = new StringDecoder('utf8');
    const tail = new Tail();
    const result = await engine.exec(
      await id(),
      { argv, env, cwd },
      (chunk) => {
        countOutput(chunk);
        const text = decoder.write(chunk);
        tail.add(text);
        if (show && !of.signal.aborted) of.output.write(text);
      },
      of.signal,
    );
    if (result.peakMemoryBytes !== null) peakBytes = Math.max(peakBytes ?? 0, result.peakMemoryBytes);
    return { ...result, tail: tail.text };
  };
  return {
    open: async (image, more = {}) => {
      of.signal.throwIfAborted();
      opened ??= engine.openJail({ ...jailFor(of.work, image), limits: limits.jail, ...more });
      await opened;
    },
    run: async (command, env, directory = appDirectory) => {
      of.output.title(command.title);
      const result = await exec(command.argv, { ...env, ...command.env }, directory, true);
      if (result.exitCode === 0) return;
      throw new CommandFailedError(command, { ...result, memoryBytes: limits.jail.memoryBytes });
    },
    ask: async (argv, env) => (await exec(argv, env, appDirectory, false)).exitCode === 0,
    runQuietly: async (argv, directory = workspace) => {
      const { exitCode, tail } = await exec(argv, {}, directory, false);
      if (exitCode !== 0) throw new Error(`in the jail: ${argv.join(' ')} ended with ${exitCode}: ${tail}`);
    },
    put: async (entries, first) => engine.putArchive(await id(), workspace, Readable.from(packTar(entries)), first),
    putTar: async (tar) => engine.putArchive(await id(), workspace, tar),
    isCacheNew: async () => (await opened)?.isCacheNew ?? false,
    peakBytes: () => peakBytes,
    get: async (directory, first) => engine.getArchive(await id(), directory, first),
    close,
  };
}

const jailFor = ({ build, app }: BuildWork, { repository, digest }: ImageRef) => ({
  buildId: build.id,
  appId: app.id,
  cacheKey: packagesCache(app.id),
  image: { repository, digest },
});

/** A try that was killed had a jail, this one needed none: it would hold the app's cache against the next build. */
async function closeOlder(engine: BuildEngine, { build }: BuildWork): Promise<void> {
  const jails = await engine.listJails();
  const older = jails.filter(({ buildId }) => buildId === build.id);
  await Promise.all(older.map(({ jailId }) => engine.closeJail(jailId)));
}

/** The last of what a command printed. */
class Tail {
  #text = '';

  get text(): string {
    return this.#text.slice(-4_000);
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-8_000);
  }
}

import { Readable } from 'node:stream';
import { TransientError } from '@berth/domain/errors';
import type { ImageRef } from '@berth/engine/interface';
import type { FileTree } from '@berth/images/file-tree';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { normaliseTar, type TarLimits } from '@berth/images/normalise-tar';
import { packTar } from '@berth/images/pack-tar';
import { workspace } from './jail.js';
import type { RunningBuild } from './running-build.js';

/** Something of ours that is compiled at first use. */
export interface Compilation {
  /** `BuildKit` */
  title: string;
  image: ImageRef;
  /** What lies below the workspace; `tmp` is there too. */
  files: readonly { path: string; content: Buffer }[];
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  /** Below the workspace: where the command runs, and which directory is the result. */
  cwd: string;
  result: string;
  limits: TarLimits;
}

/**
 * Runs one command of ours in a jail without the cache of any app, where a build may have left anything. Close the tree. An
 * end of this build is a TransientError: another one may wait for the same.
 */
export async function compileInJail(
  { build, app, builder, signal }: RunningBuild,
  { title, image, files, argv, env, cwd, result, limits }: Compilation,
): Promise<FileTree> {
  const { engine } = builder;
  signal.throwIfAborted();
  const { jailId } = await engine.openJail({
    buildId: build.id,
    appId: app.id,
    image: { repository: image.repository, digest: image.digest },
    limits: builder.limits.jail,
  });
  try {
    const entries = files.map(({ path, content }): LayerEntry => {
      return { path, type: 'file', mode: 0o644, ...appUser, content, sizeBytes: content.length };
    });
    const temporary: LayerEntry = { path: 'tmp', type: 'directory', mode: 0o755, ...appUser };
    await engine.putArchive(jailId, workspace, Readable.from(packTar([...entries, temporary])));
    let tail = '';
    const seen = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-4_000);
    };
    const command = { argv, env: { HOME: workspace, ...env }, cwd: `${workspace}/${cwd}` };
    const { exitCode } = await engine.exec(jailId, command, seen, signal);
    if (exitCode !== 0) throw new Error(`${title} does not compile: ${tail}`);
    return await normaliseTar(await engine.getArchive(jailId, `${workspace}/${result}`), limits);
  } catch (error) {
    if (signal.aborted) throw new TransientError(`${title} was not compiled to the end`, { cause: error });
    throw error;
  } finally {
    await engine.closeJail(jailId);
  }
}

import { Readable } from 'node:stream';
import { TransientError } from '@berth/domain/errors';
import type { BuildEngine } from '@berth/engine/interface';
import type { FileTree } from '@berth/images/file-tree';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { packTar } from '@berth/images/pack-tar';
import { buildkitRelease } from '@berth/runtimes/buildkit/buildkit-release';
import { fetchBuildkitSource } from '@berth/runtimes/buildkit/fetch-buildkit-source';
import { goBuildEnv } from '@berth/runtimes/go/ensure-go-toolchain';
import { workspace } from '../jail.js';
import type { RunningBuild } from '../running-build.js';

const limits = { bytesMax: 512 * 1024 ** 2, entriesMax: 10 };
const programsDirectory = `${workspace}/programs`;
const { module, version, go, programs } = buildkitRelease;

/**
 * Compiles BuildKit's programs, some minutes of work, in a jail without the cache of any app, where a build may have left
 * anything. Close the tree.
 */
export async function compileBuildkit(build: RunningBuild): Promise<FileTree> {
  const { builder, signal, output } = build;
  const { engine, bases } = builder;
  output.title(`Compiling BuildKit ${version} (once, it takes some minutes)`);
  const image = await bases.buildImage('go', await bases.resolve('go', go), []);
  const files = await fetchBuildkitSource(builder.sources);
  signal.throwIfAborted();
  const { jailId } = await engine.openJail({
    buildId: build.build.id,
    appId: build.app.id,
    image: { repository: image.repository, digest: image.digest },
    limits: builder.limits.jail,
  });
  try {
    const source = files.map(({ path, content }): LayerEntry => {
      const owner = { mode: 0o644, ...appUser };
      return { path: `${module}/${path}`, type: 'file', ...owner, content, sizeBytes: content.length };
    });
    const temporary: LayerEntry = { path: 'tmp', type: 'directory', mode: 0o755, ...appUser };
    await engine.putArchive(jailId, workspace, Readable.from(packTar([...source, temporary])));
    await compileIn(engine, jailId, signal);
    return await normaliseTar(await engine.getArchive(jailId, programsDirectory), limits);
  } catch (error) {
    // Another build may wait for the same programs: it is not this one's end that ends it.
    if (signal.aborted) throw new TransientError('BuildKit was not compiled to the end', { cause: error });
    throw error;
  } finally {
    await engine.closeJail(jailId);
  }
}

/** The module's own go.sum says what its parts are. Everything lies on the workspace's disk and goes with it. */
async function compileIn(engine: BuildEngine, jailId: string, signal: AbortSignal): Promise<void> {
  let tail = '';
  const flags = ['-mod=mod', '-trimpath', '-ldflags=-s -w'];
  const { exitCode } = await engine.exec(
    jailId,
    {
      argv: ['go', 'build', ...flags, '-o', `${programsDirectory}/`, ...Object.values(programs)],
      env: {
        ...{ GOMODCACHE: `${workspace}/modules`, GOCACHE: `${workspace}/objects`, GOTMPDIR: `${workspace}/tmp` },
        ...{ HOME: workspace, GOPATH: workspace },
        // Without the overlay that apps are compiled with.
        ...goBuildEnv,
      },
      cwd: `${workspace}/${module}`,
    },
    (chunk) => {
      tail = (tail + chunk.toString()).slice(-4_000);
    },
    signal,
  );
  if (exitCode !== 0) throw new Error(`BuildKit does not compile: ${tail}`);
}

import type { FileTree } from '@berth/images/file-tree';
import { buildkitRelease } from '@berth/runtimes/buildkit/buildkit-release';
import { fetchBuildkitSource } from '@berth/runtimes/buildkit/fetch-buildkit-source';
import { goBuildEnv } from '@berth/runtimes/go/ensure-go-toolchain';
import { compileInJail } from '../compile-in-jail.js';
import { workspace } from '../jail.js';
import type { RunningBuild } from '../running-build.js';

const limits = { bytesMax: 512 * 1024 ** 2, entriesMax: 10 };
const { module, version, go, programs } = buildkitRelease;
const flags = ['-mod=mod', '-trimpath', '-ldflags=-s -w'];

/** Everything lies on the workspace's disk and goes with it. Without the overlay that apps are compiled with. */
const env = {
  ...{ GOMODCACHE: `${workspace}/modules`, GOCACHE: `${workspace}/objects`, GOTMPDIR: `${workspace}/tmp` },
  ...{ GOPATH: workspace, ...goBuildEnv },
};

/** Compiles BuildKit's programs, some minutes of work. The module's own go.sum says what its parts are. Close the tree. */
export async function compileBuildkit(build: RunningBuild): Promise<FileTree> {
  const { bases, sources } = build.builder;
  build.output.title(`Compiling BuildKit ${version} (once, it takes some minutes)`);
  const image = await bases.buildImage('go', await bases.resolve('go', go), []);
  const files = await fetchBuildkitSource(sources);
  return compileInJail(build, {
    ...{ title: 'BuildKit', image, env, limits, cwd: module, result: 'programs' },
    files: files.map(({ path, content }) => ({ path: `${module}/${path}`, content })),
    argv: ['go', 'build', ...flags, '-o', `${workspace}/programs/`, ...Object.values(programs)],
  });
}

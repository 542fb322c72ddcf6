import type { FileTree } from '@berth/images/file-tree';
import type { PushedImage } from '@berth/images/push-image';
import { compileInJail } from './compile-in-jail.js';
import { workspace } from './jail.js';
import type { RunningBuild } from './running-build.js';

const limits = { bytesMax: 16 * 1024 ** 2, entriesMax: 10 };

/**
 * Makes the agent that carries the environment's mark, some seconds of work, with a JDK: what packages/propagation has for it
 * lies in `files/`, its build.sh says how. Close the tree.
 */
export async function compileJavaAgent(
  build: RunningBuild,
  image: PushedImage,
  files: readonly { path: string; content: Buffer }[],
): Promise<FileTree> {
  build.output.title('Compiling the agent that carries the environment (once)');
  return compileInJail(build, {
    ...{ title: "Java's propagator", image, limits, cwd: 'files', result: 'made' },
    files: files.map(({ path, content }) => ({ path: `files/${path}`, content })),
    argv: ['sh', 'build.sh', `${workspace}/made`],
    env: { TMPDIR: `${workspace}/tmp` },
  });
}

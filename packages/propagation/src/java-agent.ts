import type { FileTree } from '@berth/images/file-tree';
import { fetchArtifact } from '@berth/runtimes/maven/maven-repository';
import type { Sources } from '@berth/runtimes/sources';

/** What reads and writes classes, as sources: its packages get another name, since an app may have its own. */
export const asm = {
  artifact: 'org/ow2/asm/asm',
  version: '9.9.1',
  sha256: '057e39aa1800b25bc8944846a376509990f49b7fe1e07192b1d6e48e1a780eb2',
};

/** Runs build.sh, which lies among the files, with a JDK: gives the directory with agent.jar. */
export type CompileAgent = (files: readonly { path: string; content: Buffer }[]) => Promise<FileTree>;

/** agent.jar, compiled of our own files and ASM. */
export async function makeJavaAgent(
  sources: Sources,
  files: readonly { path: string; text: string }[],
  compile: CompileAgent,
): Promise<Buffer> {
  const packed = await fetchArtifact(sources, { ...asm, suffix: '-sources.jar', bytesMax: 4 * 1024 ** 2 });
  const own = files.map(({ path, text }) => ({ path, content: Buffer.from(text) }));
  const tree = await compile([...own, { path: 'asm-sources.jar', content: packed }]);
  try {
    const agent = await tree.read('agent.jar');
    if (!agent) throw new Error("Java's propagator was compiled without its jar");
    return agent;
  } finally {
    await tree.close();
  }
}

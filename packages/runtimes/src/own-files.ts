import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LayerEntry } from '@berth/images/layer';

const directory = fileURLToPath(new URL('../files', import.meta.url));

/** Where the files of our own that go with a runtime lie in images. */
export const ownRoot = (runtime: string): string => `opt/berth/runtimes/${runtime}`;

/** Configurations and start scripts that go with a runtime (files/<runtime>); what lies in bin/ is a command. */
export async function readOwnFiles(runtime: string): Promise<LayerEntry[]> {
  const top = join(directory, runtime);
  const found = await readdir(top, { recursive: true, withFileTypes: true });
  const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(top.length + 1));
  return Promise.all(
    paths.sort().map(async (path) => {
      const content = await readFile(join(top, path));
      return {
        path: `${ownRoot(runtime)}/${path}`,
        type: 'file' as const,
        mode: path.startsWith('bin/') ? 0o755 : 0o644,
        uid: 0,
        gid: 0,
        content,
        sizeBytes: content.length,
      };
    }),
  );
}

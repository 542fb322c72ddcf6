import { fetchSource } from '@berth/images/fetch-source';
import type { FileTree } from '@berth/images/file-tree';
import { entriesMax } from '../builder.js';
import type { RunningBuild } from '../running-build.js';

/** The pushed files. */
export function fetchFiles({ builder, app, source, output }: RunningBuild): Promise<FileTree> {
  output.title(`Building ${app.name} from ${source.commit.slice(0, 8)}`);
  return fetchSource(
    builder.registry,
    { repositoryId: app.repositoryId, digest: source.digest },
    { bytesMax: builder.limits.sourceBytes, entriesMax },
  );
}

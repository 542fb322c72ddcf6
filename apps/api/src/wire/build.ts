import type { BuildView } from '@berth/platform/builds/get-build';
import { ref, stack } from './app.js';
import { toWireStatus } from './status.js';

/** Heroku's `build`. */
export function toWireBuild(build: BuildView, app: { id: string; name: string }, outputUrl: string) {
  return {
    app: ref(app),
    buildpacks: [],
    created_at: build.createdAt,
    id: build.id,
    output_stream_url: outputUrl,
    release: build.release && { id: build.release.id },
    slug: null,
    source_blob: { checksum: null, url: null, version: build.commit, version_description: build.message },
    stack: stack.name,
    status: toWireStatus(build.status),
    updated_at: build.endedAt ?? build.startedAt ?? build.createdAt,
    user: build.user,
    // ours
    failure: build.error,
  };
}

import { propagationRoot } from '@berth/domain/propagation-root';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { fetchArtifact } from '@berth/runtimes/maven/maven-repository';
import type { Sources } from '@berth/runtimes/sources';

/** OpenTelemetry's agent for Java, as it is published. */
export const openTelemetry = {
  artifact: 'io/opentelemetry/javaagent/opentelemetry-javaagent',
  version: '2.33.1',
  sha256: 'e43a270df53c6f423e0ab157be9c27ccc01d5dc3232e162fe54777573db2f149',
  suffix: '.jar',
  bytesMax: 64 * 1024 ** 2,
};

/**
 * `tool/opentelemetry-javaagent:<version>`: one layer with the agent, which files/java/profile.sh starts in place of ours
 * where it finds it. Idempotent; errors are those of the download.
 */
export async function ensureOpenTelemetry({
  registry,
  sources,
}: {
  registry: Registry;
  sources: Sources;
}): Promise<PushedImage> {
  const { version } = openTelemetry;
  const repository = 'tool/opentelemetry-javaagent';
  const known = await readImage(registry, repository, version);
  if (known) return known;
  const content = await fetchArtifact(sources, openTelemetry);
  const path = `${propagationRoot}/opentelemetry/agent.jar`;
  const layer = await writeLayer([
    { path, type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: content.length },
  ]);
  const config = { env: {}, labels: { 'berth.tool': 'opentelemetry-javaagent', 'berth.version': version } };
  return pushImage(registry, { repository, tag: version, layers: [{ layer }], config }).finally(layer.dispose);
}

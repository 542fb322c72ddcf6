import { digestOf } from './digest.js';
import type { Layer } from './layer.js';
import { mediaTypes } from './registry.js';

/** What an image says about how it is run. Values of config vars never come here. */
export interface ImageConfig {
  /** `KEY=value` as Docker has them. */
  env: Record<string, string>;
  /** `uid:gid`, or undefined for root. */
  user?: string;
  workingDir?: string;
  entrypoint?: readonly string[];
  cmd?: readonly string[];
  labels: Record<string, string>;
  /** One line per layer, what `docker history` shows. */
  history?: readonly string[];
}

/** The two documents of an image. */
export interface ImageDocuments {
  config: { bytes: Buffer; digest: string };
  manifest: { bytes: Buffer; digest: string; mediaType: string };
}

const fixedCreated = '2025-01-01T00:00:00Z';

/** Writes manifest and configuration (OCI image specification 1.0); the same input gives the same digest. */
export function imageManifest(layers: readonly Layer[], config: ImageConfig): ImageDocuments {
  const configBytes = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: fixedCreated,
      config: {
        Env: Object.entries(config.env).map(([key, value]) => `${key}=${value}`),
        ...(config.user === undefined ? {} : { User: config.user }),
        ...(config.workingDir === undefined ? {} : { WorkingDir: config.workingDir }),
        ...(config.entrypoint === undefined ? {} : { Entrypoint: config.entrypoint }),
        ...(config.cmd === undefined ? {} : { Cmd: config.cmd }),
        Labels: config.labels,
      },
      ...(config.history && {
        history: config.history.map((line) => ({ created: fixedCreated, created_by: line })),
      }),
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    }),
  );
  const configDigest = digestOf(configBytes);
  const manifestBytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, digest: configDigest, size: configBytes.length },
      layers: layers.map((layer) => ({ mediaType: mediaTypes.layer, digest: layer.digest, size: layer.sizeBytes })),
    }),
  );
  return {
    config: { bytes: configBytes, digest: configDigest },
    manifest: { bytes: manifestBytes, digest: digestOf(manifestBytes), mediaType: mediaTypes.manifest },
  };
}

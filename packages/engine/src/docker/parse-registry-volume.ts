import type { RegistryVolume } from '../host-disk.js';

/** A block of `find`'s %b, bytes. */
const blockBytes = 512;

const blobPath = /^docker\/registry\/v2\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\/data$/;
const revisionPath = /^docker\/registry\/v2\/repositories\/(.+)\/_manifests\/revisions\/sha256\/([0-9a-f]{64})\/link$/;
const tagPath =
  /^docker\/registry\/v2\/repositories\/(.+)\/_manifests\/tags\/([^/]+)\/index\/sha256\/([0-9a-f]{64})\/link$/;

/**
 * What the distribution registry 2.8 keeps on disk (its registry/storage/paths.go), from lines of
 * `find -printf '%y\t%P\t%s\t%b\t%T@\n'`. A tag's manifest is the one of its index that was written last.
 */
export function parseRegistryVolume(listed: string): RegistryVolume {
  const volume: RegistryVolume = { blobs: [], revisions: [], tags: [], otherBytes: 0 };
  const tags = new Map<string, { repository: string; tag: string; digest: string; modifiedAt: number }>();
  for (const line of listed.split('\n')) {
    const [type, path, , blocks, seconds] = line.split('\t');
    if (path === undefined) continue;
    const bytes = Number(blocks) * blockBytes;
    const modifiedAt = Math.round(Number(seconds) * 1_000);
    const blob = type === 'f' ? blobPath.exec(path) : null;
    if (blob) {
      volume.blobs.push({ digest: `sha256:${blob[1]}`, bytes, modifiedAt });
      continue;
    }
    volume.otherBytes += bytes;
    if (type !== 'f') continue;
    const revision = revisionPath.exec(path);
    if (revision) volume.revisions.push({ repository: revision[1]!, digest: `sha256:${revision[2]}`, modifiedAt });
    const [, repository, tag, hex] = tagPath.exec(path) ?? [];
    if (!repository || !tag || !hex) continue;
    const key = `${repository}:${tag}`;
    const known = tags.get(key);
    const exact = Number(seconds);
    if (!known || known.modifiedAt < exact)
      tags.set(key, { repository, tag, digest: `sha256:${hex}`, modifiedAt: exact });
  }
  for (const { repository, tag, digest } of tags.values()) volume.tags.push({ repository, tag, digest });
  return volume;
}

import type { RegistryManifest } from '@berth/domain/plan-collection';
import type { RegistryVolume } from '@berth/engine/host-disk';
import type { Registry } from '@berth/images/registry';
import { z } from 'zod';

const descriptor = z.object({ digest: z.string(), size: z.number() });
/** An image, an artifact, or an index of them (OCI image specification 1.1). */
const document = z.object({
  config: descriptor.optional(),
  layers: z.array(descriptor).default([]),
  manifests: z.array(descriptor).default([]),
  subject: descriptor.optional(),
});

const sideBySide = 12;

/** Contents never change under a digest: each is read once in this process's life. */
const known = new Map<string, Pick<RegistryManifest, 'blobs' | 'subject'>>();

/** Every manifest of the registry with what it refers to. One that is deleted while this reads is left out. */
export async function readManifests(registry: Registry, volume: RegistryVolume): Promise<RegistryManifest[]> {
  const tags = new Map<string, string[]>();
  for (const { repository, tag, digest } of volume.tags) {
    const key = `${repository}@${digest}`;
    tags.set(key, [...(tags.get(key) ?? []), tag]);
  }
  const found: RegistryManifest[] = [];
  const waiting = [...volume.revisions];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const contents = known.get(next.digest) ?? (await readContents(registry, next));
      if (!contents) continue;
      known.set(next.digest, contents);
      found.push({ ...next, ...contents, tags: tags.get(`${next.repository}@${next.digest}`) ?? [] });
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return found;
}

async function readContents(registry: Registry, { repository, digest }: { repository: string; digest: string }) {
  const stored = await registry.getManifest(repository, digest);
  if (!stored) return undefined;
  const { config, layers, manifests, subject } = document.parse(JSON.parse(stored.bytes.toString()));
  const blobs = [...(config ? [config] : []), ...layers, ...manifests];
  return {
    blobs: blobs.map(({ digest: blob, size }) => ({ digest: blob, bytes: size })),
    subject: subject?.digest ?? null,
  };
}

import type { PushedImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { listRecorded } from '@berth/platform/bases/list-recorded';
import { recordBase } from '@berth/platform/bases/record-base';
import { z } from 'zod';
import type { Builder } from './builder.js';

interface WantedBase {
  kind: 'stack' | 'runtime';
  name: string;
  digest: string;
}

/** Remembers stacks and runtimes with their packages, as long as they are in the registry; one look for all of them. */
export async function recordBases(builder: Builder, wanted: readonly WantedBase[]): Promise<void> {
  const { platform, registry } = builder;
  const each = new Map(wanted.map((one) => [one.digest, one]));
  const known = await listRecorded(platform, { digests: [...each.keys()] });
  for (const { kind, name, digest } of each.values()) {
    if (known.has(digest) || digest === '') continue;
    const image = await readImage(registry, `${kind}/${name}`, digest);
    if (image) await recordBaseImage(builder, kind, name, image);
  }
}

/** Remembers one that was just read. */
export async function recordBaseImage(
  { platform }: Builder,
  kind: 'stack' | 'runtime',
  name: string,
  { digest, config }: PushedImage,
): Promise<void> {
  await recordBase(platform, {
    kind,
    name,
    digest,
    version: config.labels['berth.version'] ?? '',
    line: kind === 'stack' ? name : (config.labels['berth.abi'] ?? name),
    packages: packagesOf(config.labels),
  });
}

/** `name=version` of the Debian packages in a stack or a runtime, as its image says. */
export function packagesOf(labels: Readonly<Record<string, string>>): string[] {
  const text = labels['berth.packages'];
  return text === undefined ? [] : z.array(z.string()).parse(JSON.parse(text));
}

import { createHash } from 'node:crypto';

/** `sha256:<hex>` of some bytes, as registries name blobs. */
export function digestOf(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

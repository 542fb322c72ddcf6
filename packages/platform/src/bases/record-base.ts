import type { BaseKind } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

/** A stack or a runtime as it lies in the registry. `packages`: `name=version` of the Debian packages in it. */
export interface RecordedBase {
  kind: BaseKind;
  name: string;
  version: string;
  digest: string;
  /** Within it a newer one replaces an older one: a stack's name, a runtime's binary interface. */
  line: string;
  packages: readonly string[];
}

/** Remembers a stack or runtime that the builder saw in the registry. Idempotent. */
export async function recordBase(platform: Platform, { packages, ...base }: RecordedBase): Promise<void> {
  await platform.db.base.createMany({ data: [{ ...base, packages: [...packages] }], skipDuplicates: true });
}

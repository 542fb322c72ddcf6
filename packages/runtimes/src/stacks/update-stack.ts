import type { PushedImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { findStack, pushStack } from './ensure-stack.js';
import { makeStack } from './make-stack.js';

/**
 * Makes the stack anew from the Debian packages of today and pushes it as the newest one; builds take it from then on, apps
 * by a rebase. The one before stays in the registry. Nothing is pushed when no package differs.
 */
export async function updateStack(options: {
  registry: Registry;
  tarPath: string;
  /** See pushStack. */
  stamp?: string | undefined;
}): Promise<{ stack: PushedImage; before: PushedImage | undefined; isNew: boolean }> {
  const before = await findStack(options.registry);
  await makeStack({ tarPath: options.tarPath });
  const stack = await pushStack({ ...options, known: before });
  return { stack, before, isNew: stack.digest !== before?.digest };
}

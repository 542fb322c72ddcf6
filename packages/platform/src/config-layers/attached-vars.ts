import type { Prisma } from '@berth/db/generated/client';
import { parsePlan } from '@berth/domain/add-on-plans';
import type { ConfigLayer } from '@berth/domain/resolve-config';
import { addOnUrl } from '../addresses.js';
import type { Platform } from '../platform.js';

type Attached = Prisma.AttachmentGetPayload<{ include: { addOn: { include: { credentials: true } } } }>;

/** The config var of an attachment: `DATABASE_URL` for `DATABASE`. */
export const attachmentVar = (name: string): string => `${name}_URL`;

/** What an app's attachments put into its config: never stored, always by the credential that is active now. */
export function attachedVars(platform: Platform, attachments: readonly Attached[]): ConfigLayer[] {
  return attachments.map(({ name, addOn }) => {
    const { user, password } = addOn.credentials.find(({ status }) => status === 'active') ?? {};
    const { kind } = parsePlan(`${addOn.service}:${addOn.plan}`).plan;
    const url =
      user && password && addOnUrl(kind, { user, password: platform.secrets.open(password), name: addOn.database });
    return {
      ...{ origin: 'add-on', from: addOn.name },
      values: new Map(url ? [[attachmentVar(name), { text: url, isSecret: true, isReference: false }]] : []),
    };
  });
}

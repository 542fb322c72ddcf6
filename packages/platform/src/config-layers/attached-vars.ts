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
    const url = urlOf(platform, addOn);
    const isSecret = addOn.mountPath === null;
    return {
      ...{ origin: 'add-on', from: addOn.name },
      values: new Map(url ? [[attachmentVar(name), { text: url, isSecret, isReference: false }]] : []),
    };
  });
}

function urlOf({ secrets }: Platform, addOn: Attached['addOn']): string | undefined {
  const { kind } = parsePlan(`${addOn.service}:${addOn.plan}`).plan;
  if (kind === 'volume') return `file://${addOn.mountPath}`;
  const { user, password } = addOn.credentials.find(({ status }) => status === 'active') ?? {};
  return user && password && addOnUrl(kind, { user, password: secrets.open(password), name: addOn.database });
}

import type { Tx } from '@berth/db/client';
import type { App } from '@berth/db/generated/client';
import { UserError } from '@berth/domain/errors';
import { attachmentVar } from '../config-layers/attached-vars.js';

/**
 * Attaches an add-on to an app; the caller holds the app's lock and makes the release. Without a name it gets `wanted`, or,
 * when the app has that already, `wanted` with a number.
 */
export async function attach(
  tx: Tx,
  { app, addOnId, name, wanted }: { app: App; addOnId: string; name?: string | undefined; wanted: string },
): Promise<string> {
  const attached = (await tx.attachment.findMany({ where: { appId: app.id } })).map((one) => one.name);
  const own = (await tx.configVar.findMany({ where: { appId: app.id }, select: { key: true } })).map(({ key }) => key);
  const isTaken = (one: string) => attached.includes(one) || own.includes(attachmentVar(one));
  if (name !== undefined && isTaken(name))
    throw new UserError('invalid_params', `App ${app.name} has ${attachmentVar(name)} already.`);
  const free = [wanted, ...Array.from({ length: 100 }, (_, n) => `${wanted}_${n + 2}`)].find((one) => !isTaken(one));
  const given = name ?? free ?? wanted;
  await tx.attachment.create({ data: { addOnId, appId: app.id, name: given } });
  return given;
}

import type { Tx } from '@berth/db/client';
import { z } from 'zod';

/** `{ tag: digest }` */
export const handledUploads = z.record(z.string(), z.string());

/** Tags that are remembered of one repository: older ones are looked at again, and found to be released. */
const tagsMax = 200;

/** Notes that what a tag of people's uploads points to was taken up: released, refused, or nothing to run. */
export async function markUploadHandled(
  tx: Tx,
  { appId, processType, tag, digest }: { appId: string; processType: string; tag: string; digest: string },
): Promise<void> {
  const key = { appId_processType: { appId, processType } };
  const upload = await tx.imageUpload.findUnique({ where: key });
  if (!upload) return;
  const { [tag]: _, ...others } = handledUploads.parse(upload.handled);
  const handled = Object.fromEntries([...Object.entries(others), [tag, digest]].slice(-tagsMax));
  await tx.imageUpload.update({ where: key, data: { handled } });
}

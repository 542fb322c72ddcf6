import type { Logger } from '@berth/daemon/logger';
import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import type { Registry } from '@berth/images/registry';
import type { Platform } from '@berth/platform/platform';
import { pushedRepository } from '@berth/platform/registry/image-name';
import { listUploads, noteChecked, type Upload } from '@berth/platform/registry/list-uploads';
import { takeUpload } from './take-upload.js';

interface Parts {
  platform: Platform;
  images: Registry;
  logger: Logger;
}

/**
 * Takes up what people pushed and no notification told us of: the registry keeps those in memory only. Looks where somebody may
 * have pushed lately, at once and every `everyMs`.
 */
export function keepLookingForUploads(parts: Parts, everyMs: number): Stoppable {
  const onError = (err: unknown) => parts.logger.warn({ err }, 'look for uploads');
  return lookEach({ everyMs, isFirstNow: true, onError }, () => lookForUploads(parts));
}

/** One look. What cannot be taken up now is looked at again the next time. */
export async function lookForUploads(parts: Parts): Promise<void> {
  for (const upload of await listUploads(parts.platform)) {
    const at = new Date();
    try {
      await takeMissed(parts, upload);
      await noteChecked(parts.platform, { appId: upload.appId, at });
    } catch (error) {
      parts.logger.warn({ err: error, appId: upload.appId }, 'look for uploads');
    }
  }
}

async function takeMissed(parts: Parts, upload: Upload): Promise<void> {
  const repository = pushedRepository({ appId: upload.appId, processType: '' });
  for (const tag of await parts.images.listTags(repository)) {
    const digest = (await parts.images.getManifest(repository, tag))?.digest;
    if (digest && upload.handled[tag] !== digest) await takeUpload(parts, { upload, tag, digest });
  }
}

import { assertLease, type Lease } from '@berth/jobs/lease';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { markUploadHandled } from './mark-upload-handled.js';

/**
 * What was pushed makes no release. `message` says why to people, in the app's log and events, as docker push has ended by now;
 * without one it is no image at all.
 */
export function refuseUpload(
  platform: Platform,
  input: { appId: string; userId: string; tag: string; digest: string; lease: Lease; message?: string },
): Promise<void> {
  const { appId, userId, tag, digest, lease, message } = input;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await markUploadHandled(tx, { appId, processType: '', tag, digest });
    if (message === undefined) return;
    const data = { tag, digest, message };
    await addEvent(tx, { name: 'image.refused', noun: 'app', nounId: appId, appId, userId, data });
    after.lines.push({ appId, process: 'registry', text: `Image ${tag} (${digest.slice(7, 19)}) refused: ${message}` });
    after.wake.push(`app:${appId}`);
  });
}

import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveBuild } from './move-build.js';

/** A build that did not make it: nothing else changes. `error` is public. False: somebody else moved it first. */
export function failBuild(
  platform: Platform,
  { buildId, lease, error }: { buildId: string; lease: Lease; error: { code: string; message: string } },
): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const build = await moveBuild(tx, after, { buildId, to: 'failed', error });
    if (build) after.lines.push({ appId: build.appId, process: 'build', text: `Build failed: ${error.message}` });
    return build !== undefined;
  });
}

import { debugCommand } from '@berth/domain/debug-deploy';
import { UserError } from '@berth/domain/errors';
import { processTypesIn } from '@berth/domain/run-settings';
import type { Actor } from '../actor.js';
import { readFormation } from '../formation/read-formation.js';
import type { OneOffView } from '../one-offs/one-off-view.js';
import { startOneOff } from '../one-offs/start-one-off.js';
import type { Platform } from '../platform.js';
import { findReleaseFor } from '../releases/find-release-for.js';

/** What the process of a debug instance listens on; nothing is routed to it. */
const env = { PORT: '8080' };

/**
 * A debug instance: the web process (else the first) of any release of an app, failed ones too, beside what is live and off the
 * router. It is a one-off `debug.1234` of that process's size, which is held when its process ends, until its time is over or somebody stops it.
 */
export async function debugRelease(
  platform: Platform,
  { actor, app, version, minutes }: { actor: Actor; app: string; version: string; minutes: number },
): Promise<OneOffView> {
  const { release } = await findReleaseFor(platform, { actor, app, version, right: 'app.debug' });
  const image = await platform.db.image.findUnique({ where: { id: release.imageId ?? '' } });
  const types = image ? processTypesIn(image, release.sections) : [];
  const type = types.find(({ name }) => name === 'web') ?? types.find(({ name }) => name !== 'release');
  if (!type) throw new UserError('conflict', 'This release has no process that could be started: its build made none.');
  if (type.imageDigest)
    throw new UserError('unsupported', `${type.name} has an image of its own: it cannot be debugged so yet.`);
  const [entry] = await readFormation(platform.db, release.appId, [type]);
  const { oneOff } = await startOneOff(platform, {
    ...{ actor, app, releaseId: release.id, env, type: 'debug', command: debugCommand(type), size: entry?.size },
    ...{ isAttached: false, hasTerminal: false, timeLimit: minutes * 60 },
  });
  return oneOff;
}

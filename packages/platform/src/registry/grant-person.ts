import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { getAppToPush } from '../auth/get-app-to-deploy.js';
import type { Platform } from '../platform.js';
import { parseImageName, pushedRepository } from './image-name.js';

/** What a person may do with the image repository of an app. */
export interface PersonGrant {
  /** As people name it: `<app>` or `<app>/<process type>`. */
  name: string;
  /** As the registry stores it, by ids: nobody who gets a name later gets what was stored under it. */
  storage: string;
  actions: ('pull' | 'push')[];
  /** Digest of the image that runs now: what the tag `latest` means. */
  latest?: string;
}

/**
 * Members may push images to an app, into repositories that only uploads of people are in, and pull what it runs. Undefined: no right, or no such app; the two are not told apart. A push that is granted is noted, so
 * that what was pushed is found even when the registry cannot tell us.
 */
export async function grantPerson(
  platform: Platform,
  { actor, name, actions }: { actor: Actor; name: string; actions: readonly string[] },
): Promise<PersonGrant | undefined> {
  const image = parseImageName(name);
  if (!image) return undefined;
  const isPush = actions.includes('push');
  const of = { actor, app: image.app };
  const finding = isPush ? getAppToPush(platform.db, of) : getAppFor(platform.db, { ...of, right: 'app.pull' });
  const app = await finding.catch(undefinedWhenRefused);
  if (!app || app.name !== image.app) return undefined;
  const { processType } = image;
  const uploads = pushedRepository({ appId: app.id, processType });
  if (isPush) {
    await noteGrant(platform, { appId: app.id, processType, userId: actor.userId });
    return { name, storage: uploads, actions: ['pull', 'push'] };
  }
  if (processType) return { name, storage: uploads, actions: ['pull'] };
  const release = await platform.db.release.findFirst({
    where: { id: app.currentReleaseId ?? '' },
    select: { image: { select: { digest: true } } },
  });
  const latest = release?.image?.digest;
  return { name, storage: `app/${app.repositoryId}`, actions: ['pull'], ...(latest && { latest }) };
}

function undefinedWhenRefused(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

/** What was pushed is there within this time of the grant, or the registry was not asked again, ms: uploads outlast their token. */
const uploadMs = 3_600_000;

async function noteGrant(
  { db }: Platform,
  { appId, processType, userId }: { appId: string; processType: string; userId: string },
): Promise<void> {
  const granted = { userId, checkUntil: new Date(Date.now() + uploadMs) };
  await db.imageUpload.upsert({
    where: { appId_processType: { appId, processType } },
    update: granted,
    create: { appId, processType, ...granted },
  });
}

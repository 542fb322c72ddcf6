import { randomBytes } from 'node:crypto';
import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit, Platform } from '../platform.js';
import { newCredential } from './new-credential.js';

export interface NewAddOn {
  teamId: string;
  /** It goes with this app. */
  appId: string;
  service: string;
  plan: string;
  userId: string;
  name?: string | undefined;
  /** Its data are a copy of this add-on's, with this SQL run on it before anyone can connect. */
  copyOfId?: string | undefined;
  maskScript?: string | undefined;
  /** The base's add-on that it stands for in a project environment. */
  insteadOfId?: string | undefined;
  /** Of a volume. */
  mountPath?: string | undefined;
}

/**
 * The rows of an add-on and the job that makes it. Its credential is decided here, so that config vars have its address at
 * once; releases of apps that have it attached wait until it is there.
 */
export async function insertAddOn({ secrets }: Platform, tx: Tx, after: AfterCommit, input: NewAddOn) {
  const { teamId, appId, service, plan, userId, copyOfId, maskScript, insteadOfId, mountPath } = input;
  const word = randomBytes(8).toString('hex');
  const name = input.name ?? `${service.replace(/^(heroku|berth)-/, '')}-${word.slice(0, 8)}`;
  const database = `d_${word}`;
  const addOn = await tx.addOn.create({
    data: {
      ...{ teamId, appId, service, plan, name, database, createdById: userId },
      ...(copyOfId ? { copyOfId } : {}),
      ...(maskScript ? { maskScript } : {}),
      ...(insteadOfId ? { insteadOfId } : {}),
      // Nobody signs in to a volume.
      ...(mountPath
        ? { mountPath }
        : { credentials: { create: { ...newCredential(secrets, { database, generation: 1 }), status: 'active' } } }),
    },
  });
  await addEvent(tx, {
    ...{ name: 'add-on.provisioning', noun: 'add-on', nounId: addOn.id, teamId, appId, userId },
    data: { name, plan: `${service}:${plan}` },
  });
  after.jobs.push(await addJob(tx, 'addon.provision', { addOnId: addOn.id }));
  return addOn;
}

import { TransientError } from '@berth/domain/errors';
import { type InstanceKey, instanceName } from '@berth/domain/plan-reconcile';
import { moveInstance } from '@berth/platform/instances/move-instance';
import { listServers } from '@berth/platform/routes/list-servers';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import type { Releaser } from '../releaser.js';
import { waitUntil } from '../wait-until.js';

/** Requests in flight may take this long, and so may the process after SIGTERM (Heroku's 30 s), ms. */
export const graceMs = 30_000;
/** The router forgets a server in milliseconds; when it is away this long, the job comes again, ms. */
const goneWithinMs = 15_000;

/**
 * No new requests → those in flight end, 30 s at the most → SIGTERM, 30 s, SIGKILL → out of the router → row down.
 * Any part of it may have been done before. `instanceId` null: a container without a row.
 */
export async function stopInstance(
  releaser: Releaser,
  key: InstanceKey,
  instance: { instanceId: string; isRouted: boolean } | null,
  signal: AbortSignal,
): Promise<void> {
  const { platform, engine } = releaser;
  const isServed = instance?.isRouted && (await setServerWanted(platform, { ...instance, wanted: 'drain' }));
  const serverSeen = async () => {
    const servers = await listServers(platform, key);
    return servers.find((server) => server.instanceId === instance?.instanceId)?.seen;
  };
  const topics = [`rollout:${key.rolloutId}`] as const;
  if (isServed)
    await waitUntil(platform, { topics, timeoutMs: graceMs, signal }, async () => {
      const seen = await serverSeen();
      return seen === undefined || seen === 'drained' || seen === 'gone' || undefined;
    });
  signal.throwIfAborted();
  await engine.removeInstance(key, graceMs);
  if (instance && isServed) {
    await setServerWanted(platform, { ...instance, wanted: 'gone' });
    const isGone = await waitUntil(platform, { topics, timeoutMs: goneWithinMs, signal }, async () => {
      const seen = await serverSeen();
      return seen === undefined || seen === 'gone' || undefined;
    });
    if (!isGone) throw new TransientError(`the router still has the server of ${instanceName(key)}`);
  }
  if (instance) await moveInstance(platform, { instanceId: instance.instanceId, to: 'down' });
}

import type { InstanceKey } from '@berth/domain/plan-reconcile';
import { listServers } from '@berth/platform/routes/list-servers';
import { putServer } from '@berth/platform/routes/put-server';
import { webPort } from '../instance-env.js';
import type { Releaser } from '../releaser.js';

/**
 * Has HAProxy check an instance, without requests, in its rollout's backend. One that gets requests at this address
 * already is not taken out of them: a try that was killed behind the switch is run again.
 */
export async function probeServer(
  { platform }: Releaser,
  { rolloutId }: InstanceKey,
  { instanceId, address }: { instanceId: string; address: string },
): Promise<void> {
  const known = (await listServers(platform, { rolloutId })).find((server) => server.instanceId === instanceId);
  if (known?.address === address && known.port === webPort && known.wanted === 'ready') return;
  await putServer(platform, { instanceId, rolloutId, address, port: webPort, wanted: 'probe' });
}

import type { ServerWanted } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export interface WantedServer {
  instanceId: string;
  rolloutId: string;
  address: string;
  port: number;
  wanted: ServerWanted;
}

/** Wants an instance in its rollout's backend. A new address is not yet seen, whatever was seen of the old one. */
export async function putServer(platform: Platform, server: WantedServer): Promise<void> {
  const { instanceId, rolloutId, address, port, wanted } = server;
  await platform.db.$transaction(async (tx) => {
    const known = await tx.routerServer.findUnique({ where: { instanceId } });
    const isMoved = known !== null && (known.address !== address || known.port !== port);
    await tx.routerServer.upsert({
      where: { instanceId },
      update: { address, port, wanted, ...(isMoved ? { seen: 'unknown', lastCheck: null, openRequests: 0 } : {}) },
      create: { instanceId, rolloutId, address, port, wanted },
    });
  });
  await platform.wake.publish(['routes']);
}

import { type Platform, transaction } from '../platform.js';
import { findAppOfService } from './find-app-of-service.js';

/** Calls go to the environment's own instances again, or its base's. Those that are over already are left out. */
export async function endDetours(platform: Platform, { ids }: { ids: readonly string[] }): Promise<void> {
  await transaction(platform, async (tx, after) => {
    const detours = await tx.detour.findMany({
      where: { id: { in: [...ids] } },
      include: { environment: { select: { id: true, name: true, baseId: true } } },
    });
    if (detours.length === 0) return;
    await tx.detour.deleteMany({ where: { id: { in: detours.map(({ id }) => id) } } });
    for (const { service, environment } of detours) {
      const { id: environmentId, name, baseId } = environment;
      const app = await findAppOfService(tx, { environmentId, baseId, service });
      if (app)
        after.lines.push({
          appId: app.id,
          process: 'api',
          text: `Calls to ${service} in ${name} are answered here again`,
        });
      after.wake.push(`environment:${environmentId}`);
    }
    after.wake.push('routes');
  });
}

import type { Platform } from '../platform.js';
import { endDetours } from './end-detours.js';

/** For the start of the process that machines are connected to: none is yet. */
export async function endAllDetours(platform: Platform): Promise<void> {
  const rows = await platform.db.detour.findMany({ select: { id: true } });
  await endDetours(platform, { ids: rows.map(({ id }) => id) });
}

import { mayDo } from '../auth/rights.js';
import type { Platform } from '../platform.js';
import { openLayer, type SharedLayer, type SharedVar } from './open-layer.js';

/** The config vars that a team or an environment gives to its apps; secrets without value for who only looks. */
export async function getSharedVars(platform: Platform, layer: SharedLayer): Promise<SharedVar[]> {
  const { team, rows } = await openLayer(platform.db, layer, 'team.view');
  const maySee = mayDo(team.role, 'app.view-config');
  return rows.map(({ key, value, isSecret, updatedAt }) => ({
    ...{ key, isSecret, updatedAt },
    value: maySee || !isSecret ? platform.secrets.open(value) : null,
  }));
}

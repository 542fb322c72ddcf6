import type { ConfigOrigin } from '@berth/domain/resolve-config';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { mayDo } from '../auth/rights.js';
import { readConfig } from '../config-layers/read-config.js';
import type { Platform } from '../platform.js';

export interface VarOrigin {
  key: string;
  /** Null: a secret, for who may not see it. */
  value: string | null;
  isSecret: boolean;
  origin: ConfigOrigin;
  /** Name of the team, environment, app or add-on that has it. */
  from: string;
  /** `${{ … }}` as it was set; null when it refers to nothing. */
  reference: string | null;
}

/** Each config var that the app has, with the layer that it comes from. */
export async function listOrigins(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<VarOrigin[]> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const role = app.team.memberships[0]?.role;
  const maySee = role !== undefined && mayDo(role, 'app.view-config');
  const resolved = await readConfig(platform, platform.db, app.id);
  return [...resolved].map(([key, { value, isSecret, origin, from, reference }]) => ({
    ...{ key, isSecret, origin, from, reference: maySee || !isSecret ? reference : null },
    value: maySee || !isSecret ? value : null,
  }));
}

import type { Db, Tx } from '@berth/db/client';
import type { Actor } from '../actor.js';
import { getAppFor } from './get-app-for.js';
import { requireRunRole } from './require-run-role.js';

/** The app, for who may run commands in it: by role, and by its environment's policy. */
export async function getAppToRun(db: Db | Tx, { actor, app: name }: { actor: Actor; app: string }) {
  const app = await getAppFor(db, { actor, app: name, right: 'app.run' });
  requireRunRole(app);
  return app;
}

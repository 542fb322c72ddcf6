import type { Db } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Right } from '../auth/rights.js';
import { findFirstApp } from './find-deploy-targets.js';

/**
 * The app whose git remote somebody means: `<team>/<pipeline>` is that of the first app in the pipeline's line, and a name
 * that no pipeline of theirs has is an app's.
 */
export async function getRemoteApp(
  db: Db,
  { actor, team, name, right }: { actor: Actor; team?: string | undefined; name: string; right: Right },
) {
  const pipeline =
    team === undefined
      ? null
      : await db.pipeline.findFirst({
          where: { name, team: { name: team, memberships: { some: { userId: actor.userId } } } },
        });
  if (!pipeline) return getAppFor(db, { actor, app: name, right });
  const first = await findFirstApp(db, pipeline.id);
  if (!first) throw new UserError('conflict', `Pipeline ${name} has no app in a stable environment to push to.`);
  return getAppFor(db, { actor, app: first.id, right });
}

import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Right } from '../auth/rights.js';
import type { Platform } from '../platform.js';
import { findFirstApp } from './find-deploy-targets.js';

type FoundApp = Awaited<ReturnType<typeof getAppFor>>;

/**
 * What a git remote names: `<app>`, or `<team>/<pipeline>`, which is the pipeline's first app (and, as it always was, an app
 * with its team before it, when the team has no such pipeline). Throws as {@link getAppFor} does.
 */
export async function findRepository(
  { db }: Platform,
  { actor, team, name, right }: { actor: Actor; team: string | undefined; name: string; right: Right },
): Promise<{ app: FoundApp; pipeline: { id: string; name: string } | undefined }> {
  const pipeline =
    team === undefined
      ? null
      : await db.pipeline.findFirst({
          where: { name, team: { name: team, memberships: { some: { userId: actor.userId } } } },
          select: { id: true, name: true },
        });
  if (!pipeline) return { app: await getAppFor(db, { actor, app: name, right }), pipeline: undefined };
  const first = await findFirstApp(db, pipeline.id);
  if (!first)
    throw new UserError(
      'conflict',
      `The pipeline ${name} has no app yet to push to: make one in an environment first.`,
    );
  return { app: await getAppFor(db, { actor, app: first.id, right }), pipeline };
}

import { policyOf } from '@berth/domain/environment-policy';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { findEarlierApp } from '../lines/find-earlier-app.js';
import type { Platform } from '../platform.js';

/** The app of the pipeline that stands before one in the line. */
export interface PromotedFrom {
  app: string;
  environment: string;
  /** Whether there is something to promote. */
  hasRelease: boolean;
  /** Pushes right to the later app are refused, since its environment asks for approvals. */
  isOnlyWay: boolean;
}

/** Where an app's releases are promoted from; undefined: nothing stands before it. @param app name or id */
export async function getPromotedFrom(
  { db }: Platform,
  { actor, app }: { actor: Actor; app: string },
): Promise<PromotedFrom | undefined> {
  const { pipelineId, environment } = await getAppFor(db, { actor, app, right: 'app.view' });
  if (!pipelineId || environment.kind !== 'stable') return undefined;
  const earlier = await findEarlierApp(db, { pipelineId, position: environment.position });
  if (!earlier) return undefined;
  return {
    ...{ app: earlier.name, environment: earlier.environment.name, hasRelease: earlier.currentReleaseId !== null },
    isOnlyWay: policyOf(environment).approvals > 0,
  };
}

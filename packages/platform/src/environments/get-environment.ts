import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type EnvironmentView, toEnvironmentView } from './environment-view.js';
import { findEnvironmentFor } from './find-environment-for.js';

/** @param environment name or id of a stable environment of the team */
export async function getEnvironment(
  { db }: Platform,
  of: { actor: Actor; team: string; environment: string },
): Promise<EnvironmentView> {
  return toEnvironmentView(await findEnvironmentFor(db, { ...of, right: 'team.view' }));
}

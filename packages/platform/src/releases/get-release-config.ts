import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findReleaseFor } from './find-release-for.js';

/** The config vars that a release runs with. They are secrets: a viewer may not read them. */
export async function getReleaseConfig(
  platform: Platform,
  { actor, app, version }: { actor: Actor; app: string; version: number | string },
): Promise<Record<string, string>> {
  const { release } = await findReleaseFor(platform, { actor, app, version, right: 'app.view-config' });
  return JSON.parse(platform.secrets.open(release.config)) as Record<string, string>;
}

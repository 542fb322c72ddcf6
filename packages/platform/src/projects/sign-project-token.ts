import { environmentTokenPurpose, signEnvironmentToken } from '@berth/domain/environment-token';
import type { Platform } from '../platform.js';
import type { ProjectHost } from './find-project-host.js';

/** What lets a request from outside be for the project environment; the router checks it with the same key. */
export function signProjectToken(
  { secrets }: Platform,
  { environment, baseId }: Pick<ProjectHost, 'environment' | 'baseId'>,
  more: { until: Date; trace?: string },
): string {
  const key = secrets.deriveKey(environmentTokenPurpose);
  const until = Math.floor(more.until.getTime() / 1000);
  return signEnvironmentToken({ key, environment: environment.name, baseId, until, trace: more.trace });
}

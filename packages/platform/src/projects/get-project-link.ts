import { environmentLinkPath } from '@berth/domain/environment-token';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { dashboardUrl, hostUrl } from '../addresses.js';
import type { Platform } from '../platform.js';
import { findProjectHost } from './find-project-host.js';
import { signProjectToken } from './sign-project-token.js';

export interface ProjectLink {
  url: string;
  /** Makes the browser see the base again; null where the address is the project's own. */
  clearUrl: string | null;
  /** Until when the browser sees the project; null: as long as the environment lives. */
  expiresAt: Date | null;
  /** Opens the same for whoever is signed in and may; it makes a new link each time, and does not run out. */
  openUrl: string;
}

/** What the router's link goes on to; it reads no other characters. */
const plainPath = /^\/([A-Za-z0-9._~-][A-Za-z0-9/._~-]*)?$/;
/** A link that is handed on holds for so long. */
const linkMs = 12 * 3600_000;
/** What a signed-in person's own browser gets, ms: who loses the right sees the project for no longer than this. */
export const openedMs = 3600_000;

/**
 * An address to open in a browser that shows a service as the project environment sees it: its own app's, else a signed link to
 * the base's app, after which this browser's requests to that host are for the project environment.
 * @param input `validMs`: how long at the most; {@link openedMs} for who is signed in and comes again without being asked
 */
export async function getProjectLink(
  platform: Platform,
  input: { actor: Actor; environment: string; service: string; path?: string | undefined; validMs?: number },
): Promise<ProjectLink> {
  const { path = '/', validMs = linkMs } = input;
  if (!plainPath.test(path))
    throw new UserError(
      'invalid_params',
      'The path of a link begins with / and has letters, digits, / . _ ~ and - only.',
    );
  const found = await findProjectHost(platform, { ...input, right: 'environment.open' });
  const origin = hostUrl(platform.addresses, found.host);
  const page = `${dashboardUrl(platform.addresses)}/open/${found.environment.name}/${input.service}`;
  const openUrl = path === '/' ? page : `${page}?path=${encodeURIComponent(path)}`;
  if (found.isOwn) return { url: `${origin}${path}`, clearUrl: null, expiresAt: null, openUrl };
  const end = Math.min(Date.now() + validMs, found.environment.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY);
  const until = new Date(end);
  const token = signProjectToken(platform, found, { until });
  return {
    url: `${origin}${environmentLinkPath}?t=${token}&to=${path}`,
    clearUrl: `${origin}${environmentLinkPath}?to=${path}`,
    expiresAt: until,
    openUrl,
  };
}

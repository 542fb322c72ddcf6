import 'server-only';
import { dashboardUrl } from '@berth/platform/addresses';
import { openAuth } from '@berth/platform/auth/open-auth';
import { openPlatform, type Platform } from '@berth/platform/platform';
import { config } from './config';

interface Opened {
  platform: Platform;
  auth: ReturnType<typeof openAuth>;
}

// Next may load this module more than once in one process; the connections are shared through the global object.
const shared = globalThis as typeof globalThis & { berth?: Opened };

/** The platform of this process, opened at the first use. */
export function berth(): Opened {
  if (!shared.berth) {
    const settings = config();
    const platform = openPlatform(settings);
    const baseUrl = dashboardUrl(platform.addresses);
    shared.berth = { platform, auth: openAuth(platform, { baseUrl, secret: settings.BERTH_AUTH_SECRET.reveal() }) };
  }
  return shared.berth;
}

import { randomUUID } from 'node:crypto';
import { environmentCookie } from '@berth/domain/environment-token';
import { openProbe } from '@berth/logs/probe-hops';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findProjectHost } from './find-project-host.js';
import { signProjectToken } from './sign-project-token.js';

export interface Probe {
  environment: string;
  trace: string;
  /** The request to send to the router: this host, this Cookie header. */
  host: string;
  cookie: string;
}

const validMs = 60_000;

/** Begins a doctor's probe of a service as the project environment sees it: its hops are kept from now on. */
export async function startProbe(
  platform: Platform,
  input: { actor: Actor; environment: string; service: string },
): Promise<Probe> {
  const found = await findProjectHost(platform, { ...input, right: 'environment.open' });
  const trace = randomUUID();
  await openProbe(platform.redis, platform.instance, trace);
  const token = signProjectToken(platform, found, { until: new Date(Date.now() + validMs), trace });
  return { environment: found.environment.name, trace, host: found.host, cookie: `${environmentCookie}=${token}` };
}

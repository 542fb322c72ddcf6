import type { IncomingMessage } from 'node:http';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '@berth/platform/actor';
import { findActorByToken } from '@berth/platform/auth/find-actor-by-token';
import type { TokenActor } from '@berth/platform/auth/require-credential';
import type { Parts } from '../parts.js';
import { parseBasic } from './parse-target.js';

/** Basic auth with an API token as password. `unauthorized` without a valid one. */
export async function authenticate(
  parts: Parts,
  request: IncomingMessage,
): Promise<{ user: string; actor: Actor & TokenActor }> {
  const basic = parseBasic(request.headers.authorization);
  if (!basic) throw new UserError('unauthorized', 'Sign in with any user name and an API token as the password.');
  const actor = await findActorByToken(parts.platform, { token: basic.password });
  if (!actor) throw new UserError('unauthorized', 'This API token is not valid (any more).');
  return { user: basic.user, actor };
}

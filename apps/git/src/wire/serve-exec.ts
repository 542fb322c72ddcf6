import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { UserError } from '@berth/domain/errors';
import { execPath } from '@berth/domain/exec-port';
import { findShellTarget } from '@berth/platform/shells/find-shell-target';
import { listRunning } from '@berth/platform/shells/list-running';
import { parseSshKey } from '@berth/platform/ssh-keys/parse-ssh-key';
import ssh2 from 'ssh2';
import { z } from 'zod';
import type { Parts } from '../parts.js';
import type { ExecPasses } from '../shell/exec-passes.js';
import { authenticate } from './authenticate.js';

/** A public key of 16384 bits has 3 KB. */
const bodyMaxBytes = 16 * 1024;
const body = z.object({ client_key: z.string() });

/** What `heroku ps:exec` asks for: undefined for any other path; the process, or none to list them. */
export function parseExecPath(url: string): { process: string | undefined } | undefined {
  const { pathname } = new URL(url, 'http://exec.invalid');
  if (pathname === execPath) return { process: undefined };
  const [, process] = /^\/([a-z][a-z0-9_-]*(?:\.[1-9]\d{0,4})?)$/i.exec(pathname.slice(execPath.length)) ?? [];
  return pathname.startsWith(execPath) && process !== undefined ? { process } : undefined;
}

/**
 * Heroku's exec manager, as the CLI's `ps:exec` knows it. It signs in with the app as user name and an API token as password:
 * `PUT /api/v2/web.1` with a key that it has made for this one call answers who may open a shell with it and where;
 * `GET /api/v2` lists what runs (`--status`).
 */
export async function serveExec(
  parts: Parts,
  { passes, hostKey }: { passes: ExecPasses; hostKey: string },
  { process }: { process: string | undefined },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = parts.platform.addresses.execAddress;
  const { user: app, actor } = await authenticate(parts, request);
  if (request.method === 'GET' && process === undefined) {
    const names = await listRunning(parts.platform, { actor, app });
    return respond(
      response,
      names.map((name) => ({ dyno_name: name })),
    );
  }
  if (request.method !== 'PUT' || process === undefined) throw new UserError('not_found', 'PUT a key for a process.');
  if (!address) throw new UserError('unsupported', 'heroku ps:exec is off here.');
  const found = await findShellTarget(parts.platform, { actor, app, process });
  const { fingerprint } = parseSshKey(await readKey(request));
  const { userId, tokenId } = actor;
  const target = { app: found.appId, process: found.process };
  respond(response, {
    tunnel_host: address,
    client_user: passes.add({ actor: { userId, tokenId }, target, fingerprint }),
    proxy_public_key: publicKeyOf(hostKey),
  });
}

async function readKey(request: IncomingMessage): Promise<string> {
  if (!(Number(request.headers['content-length']) <= bodyMaxBytes))
    throw new UserError('too_large', `A key with its length is expected, ${bodyMaxBytes} bytes at the most.`);
  try {
    return body.parse(JSON.parse(await text(request))).client_key;
  } catch (error) {
    throw new UserError('invalid_params', 'Expected {"client_key": "ssh-rsa …"}.', { cause: error });
  }
}

/** As in an OpenSSH public key file; the CLI compares it with what the server shows. */
function publicKeyOf(hostKey: string): string {
  const key = ssh2.utils.parseKey(hostKey);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

function respond(response: ServerResponse, answer: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

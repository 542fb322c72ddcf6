import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Stoppable } from '@berth/daemon/run';
import { type ErrorCode, publicError, UserError } from '@berth/domain/errors';
import type { Actor } from '@berth/platform/actor';
import type { Parts } from '../parts.js';
import { receivePack } from '../push/receive-pack.js';
import { refusePush } from '../push/refuse-push.js';
import type { ExecPasses } from '../shell/exec-passes.js';
import { advertiseRefs } from './advertise-refs.js';
import { authenticate } from './authenticate.js';
import type { Exchange } from './exchange.js';
import { openTarget, openTargetWithRefs } from './open-target.js';
import { type HttpTarget, parseGitProtocol, parseHttpTarget } from './parse-target.js';
import type { PushSlots } from './push-slots.js';
import { parseExecPath, serveExec } from './serve-exec.js';
import { uploadPack } from './upload-pack.js';

/** A connection on which nothing moves for this long is closed, ms. Git itself sends a sign of life every 5 s. */
const idleMs = 5 * 60_000;
const statusOf: Partial<Record<ErrorCode, number>> = { unauthorized: 401, forbidden: 403, not_found: 404 };

/** What `heroku ps:exec` is told here and then shows at the SSH door. */
export interface ExecDoor {
  passes: ExecPasses;
  hostKey: string;
}

/** Git's smart HTTP (gitprotocol-http(5)), what `heroku ps:exec` asks before it speaks SSH, and `GET /health`. */
export async function serveHttp(parts: Parts, slots: PushSlots, exec: ExecDoor): Promise<Stoppable & { port: number }> {
  const server = createServer((request, response) => {
    void answer(parts, slots, exec, request, response).catch((error) => sendError(parts, response, error));
  });
  server.requestTimeout = 0; // a large pack takes as long as it takes
  server.headersTimeout = 30_000;
  server.setTimeout(idleMs);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(parts.config.BERTH_GIT_HTTP_PORT, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

async function answer(
  parts: Parts,
  slots: PushSlots,
  exec: ExecDoor,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (request.url === '/health') return sendHealth(parts, response);
  const shell = parseExecPath(request.url ?? '/');
  if (shell) return serveExec(parts, exec, shell, request, response);
  const target = parseHttpTarget(request.method ?? '', request.url ?? '/');
  if (!target)
    throw new UserError('not_found', 'This is a git server: git clone, fetch and push with <app>.git work here.');
  const cut = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) cut.abort();
  });
  const { actor } = await authenticate(parts, request);
  const asked = { ...target, actor, protocol: parseGitProtocol(request.headers['git-protocol']) };
  const service = target.service.replace('git-', '');
  response.setHeader('cache-control', 'no-cache, max-age=0, must-revalidate');
  response.setHeader(
    'content-type',
    `application/x-git-${service}-${target.kind === 'refs' ? 'advertisement' : 'result'}`,
  );
  const isWhole =
    target.kind === 'refs'
      ? await showRefs(parts, asked, { output: response, cut: cut.signal })
      : await exchange(parts, slots, asked, {
          input: unzipped(request, target),
          output: response,
          cut: cut.signal,
          isStateless: true,
          protocol: asked.protocol,
        });
  // A pusher whose answer is well-formed HTTP but has no report would wait for it for ever.
  if (isWhole) response.end();
  else response.destroy();
}

type Asked = HttpTarget & { actor: Actor; protocol: string | undefined };

async function showRefs(parts: Parts, asked: Asked, client: { output: ServerResponse; cut: AbortSignal }) {
  const { app, repository } = await openTargetWithRefs(parts, asked);
  const { service, protocol } = asked;
  return (await advertiseRefs(parts, { appId: app.id, repository, service, protocol }, client)) === 0;
}

/** False when git could not say to the end what it had to say. */
async function exchange(parts: Parts, slots: PushSlots, asked: Asked, client: Exchange): Promise<boolean> {
  const target = await openTarget(parts, asked);
  if (asked.service === 'git-upload-pack')
    return (await uploadPack(parts, { appId: target.app.id, repository: target.repository }, client)) !== null;
  return slots
    .use(() => receivePack(parts, target, client))
    .then(
      (code) => code === 0,
      async (error) => {
        if (!(error instanceof UserError)) throw error;
        await refusePush(client, error.publicMessage); // git shows a sentence of the push's own report only
        return true;
      },
    );
}

function unzipped(request: IncomingMessage, target: HttpTarget): Readable {
  if (request.headers['content-type'] !== `application/x-${target.service}-request`)
    throw new UserError('bad_request', `Expected content type application/x-${target.service}-request.`);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return request;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new UserError('bad_request', 'Only gzip is understood.');
  // Bad bytes close the stream, and that ends git (killOnHalfInput). They may be found after the request has ended.
  const plain = createGunzip().on('error', () => {});
  return pipeline(request, plain, () => {});
}

async function sendHealth(parts: Parts, response: ServerResponse): Promise<void> {
  await parts.platform.db.$queryRaw`SELECT 1`;
  response.writeHead(200).end('ok\n');
}

/** Git prints a plain text answer to its first request as `remote:` lines. */
function sendError(parts: Parts, response: ServerResponse, error: unknown): void {
  const id = `err_${randomUUID()}`;
  const isOurs = !(error instanceof UserError);
  if (isOurs) parts.logger.error({ err: error, id }, 'git http');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = isOurs ? 500 : (statusOf[error.code] ?? 400);
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  // What the client still sends is not read: the connection cannot be used again.
  response.setHeader('connection', 'close');
  if (status === 401) response.setHeader('www-authenticate', 'Basic realm="Berth", charset="UTF-8"');
  response.writeHead(status).end(`${publicError(error, id).message}\n`);
}

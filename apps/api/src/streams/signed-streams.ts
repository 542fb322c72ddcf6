import { notFound } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import type { Grant } from '../sign-url.js';
import { followOutput, hasOutputEnded } from './follow-output.js';
import { sendLog } from './send-log.js';
import { lastStreamId, streamEvents, streamReply } from './sse.js';

type Signed = FastifyRequest<{ Params: { signed: string } }>;

/**
 * Streams at signed addresses, which the Heroku CLI opens without a token (facts of its CLI, section 5):
 *
 * - `GET /streams/log/<signed>`: server-sent events, one log line each with its id; a tail resumes by Last-Event-ID.
 * - `GET /streams/output/<signed>`: the output of a build or release phase as plain text, live while it runs.
 *
 * The signature says who asked; their right is checked again here, so that it ends with their membership.
 */
export function addSignedStreams(server: FastifyInstance, api: Api): void {
  server.get('/streams/log/:signed', (request: Signed, reply) => answerLog(api, request, reply));
  server.get('/streams/output/:signed', (request: Signed, reply) => answerOutput(api, request, reply));
}

/** Not tailing, the CLI's event source waits this long before it finds the end: the shorter, the sooner `heroku logs` returns. */
const retryMs = 50;

async function answerLog(api: Api, request: Signed, reply: FastifyReply): Promise<void> {
  const grant = openGrant(api, request, 'log');
  const checkRight = async () => void (await getApp(api.platform, { actor: grant, app: grant.appId }));
  await checkRight();
  await streamEvents(api, request, reply, { userId: grant.userId, retryMs }, (stream) =>
    sendLog(api.platform, { ...grant, afterId: lastStreamId(request), checkRight }, stream),
  );
}

async function answerOutput(api: Api, request: Signed, reply: FastifyReply): Promise<void> {
  const grant = openGrant(api, request, 'output');
  const of = { actor: grant, app: grant.appId, noun: grant.noun, id: grant.id };
  await hasOutputEnded(api.platform, of); // may they still see it?
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  await streamReply(api, request, reply, { userId: grant.userId, headers }, async (stream) => {
    for await (const { text } of followOutput(api.platform, of, stream.signal)) await stream.write(text);
  });
}

function openGrant<K extends Grant['kind']>(api: Api, request: Signed, kind: K): Extract<Grant, { kind: K }> {
  const grant = api.signer.open(request.params.signed);
  if (grant.kind !== kind) throw notFound('stream', kind);
  return grant as Extract<Grant, { kind: K }>;
}

import { UserError } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import type { AppRequest } from '../resources/apps.js';
import { followOutput, hasOutputEnded, type OutputPiece } from './follow-output.js';
import { sendAppSnapshots } from './send-app-snapshots.js';
import { sendApps } from './send-apps.js';
import { sendChanges } from './send-changes.js';
import { sendLog } from './send-log.js';
import { lastEventId, lastStreamId, streamEvents } from './sse.js';

/**
 * Server-sent events for the dashboard's pages, on its own origin, with the session's cookie:
 *
 * - `GET /api/streams/apps`                      every app the person sees
 *     `event: apps`   data: AppView[] (platform/apps), sent at the start and again when one changed
 *     `event: event`  id: event's number, data: EventView (platform/events); resumes by Last-Event-ID
 * - `GET /api/streams/changes`                   that one of them changed, came or went, for pages of lists
 *     `event: changed` data: {}, at the start, and at most once a second
 * - `GET /api/streams/apps/:app`                 one app, by name or id; each message is a whole snapshot, sent at the start and
 *                                                when it changed, so a client that comes back needs nothing but the next ones
 *     `event: app`        data: AppView
 *     `event: formation`  data: FormationEntry[]
 *     `event: instances`  data: InstanceView[]
 *     `event: one-offs`   data: OneOffView[], those that wait to begin or run
 *     `event: releases`   data: ReleaseView[], the newest 20, newest first
 *     `event: builds`     data: BuildView[], the newest 10, newest first
 *     `event: deploy`     data: { build, release } of the newest push with their steps (or null): the progress display
 *     `event: gone`       data: {}; the app was destroyed, or the person left its team; the stream ends: close it
 * - `GET /api/streams/apps/:app/log?lines=100&source=app&dyno=web.1`   log lines
 *     message         id: place in the log, data: one formatted line; resumes by Last-Event-ID
 * - `GET /api/streams/apps/:app/builds/:id/output`, `GET /api/streams/apps/:app/releases/:id/output`
 *     `event: output` id: place, data: JSON string, a chunk of text to append; resumes by Last-Event-ID
 *     `event: whole`  data: JSON string, the text from its first character: show it in place of what is there
 *     `event: end`    data: {}; nothing more comes: close it
 *
 * A comment line comes every 15 s. A client that reads too slowly is waited for, and cut off after a minute.
 * Without a session the answer is 401, and 404 for what the person may not see.
 */
export function addDashboardStreams(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  const options = (request: FastifyRequest) => ({ userId: personOf(request).userId, retryMs });

  server.get('/api/streams/apps', (request, reply) =>
    streamEvents(api, request, reply, options(request), (stream) =>
      sendApps(platform, { actor: personOf(request), afterId: lastEventId(request) }, stream),
    ),
  );
  server.get('/api/streams/changes', (request, reply) =>
    streamEvents(api, request, reply, options(request), (stream) =>
      sendChanges(platform, { actor: personOf(request) }, stream),
    ),
  );
  server.get('/api/streams/apps/:app', async (request: AppRequest, reply) => {
    const of = { actor: personOf(request), app: request.params.app };
    const app = await getApp(platform, of);
    await streamEvents(api, request, reply, options(request), (stream) =>
      sendAppSnapshots(platform, { actor: of.actor, appId: app.id }, stream),
    );
  });
  server.get('/api/streams/apps/:app/log', (request: AppRequest, reply) => answerLog(api, request, reply));
  for (const noun of ['build', 'release'] as const)
    server.get(`/api/streams/apps/:app/${noun}s/:id/output`, (request: AppRequest<{ id: string }>, reply) =>
      answerOutput(api, request, reply, noun),
    );
}

/** How soon a page comes back after a stream's end, ms. */
const retryMs = 1_000;

const logQuery = z.object({
  lines: z.coerce.number().int().min(0).max(1500).default(100),
  source: z.string().max(100).optional(),
  dyno: z.string().max(100).optional(),
});

async function answerLog(api: Api, request: AppRequest, reply: FastifyReply): Promise<void> {
  const query = logQuery.safeParse(request.query);
  if (!query.success) throw new UserError('invalid_params', 'lines is a number up to 1500; source and dyno are words.');
  const of = { actor: personOf(request), app: request.params.app };
  const checkRight = async () => void (await getApp(api.platform, of));
  const app = await getApp(api.platform, of);
  await streamEvents(api, request, reply, { userId: of.actor.userId, retryMs }, (stream) =>
    sendLog(
      api.platform,
      { ...query.data, appId: app.id, tail: true, afterId: lastStreamId(request), checkRight },
      stream,
    ),
  );
}

async function answerOutput(
  api: Api,
  request: AppRequest<{ id: string }>,
  reply: FastifyReply,
  noun: 'build' | 'release',
): Promise<void> {
  const { platform } = api;
  const of = { actor: personOf(request), app: request.params.app, noun, id: request.params.id };
  await hasOutputEnded(platform, of); // is it there, and may they see it?
  await streamEvents(api, request, reply, { userId: of.actor.userId, retryMs }, async (stream) => {
    for await (const piece of followOutput(platform, of, stream.signal, lastStreamId(request)))
      await stream.send({ ...toMessage(piece), data: JSON.stringify(piece.text) });
    if (!stream.signal.aborted) await stream.send({ event: 'end', data: '{}' });
  });
}

const toMessage = ({ id }: OutputPiece) => (id ? { event: 'output', id } : { event: 'whole' });

import { randomUUID } from 'node:crypto';
import { notFound } from '@berth/domain/errors';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { type Api, type ApiOptions, openApi } from './api.js';
import { requireSession, requireToken } from './authenticate.js';
import { answerError, answerUnknownRoute } from './errors.js';
import { addAccount } from './resources/account.js';
import { addAddOns } from './resources/add-ons.js';
import { addAppExtras } from './resources/app-extras.js';
import { addApps } from './resources/apps.js';
import { addBases } from './resources/bases.js';
import { addBuildpackNames, addBuildpacks } from './resources/buildpacks.js';
import { addBuilds } from './resources/builds.js';
import { addCapacity } from './resources/capacity.js';
import { addConfigVars } from './resources/config-vars.js';
import { addCron } from './resources/cron.js';
import { addDisk } from './resources/disk.js';
import { addDynos } from './resources/dynos.js';
import { addEnvironments } from './resources/environments.js';
import { addEvents } from './resources/events.js';
import { addFormation } from './resources/formation.js';
import { addGoImport } from './resources/go-import.js';
import { addImageRecords } from './resources/image-records.js';
import { addInvitations, addJoin } from './resources/invitations.js';
import { addKeys } from './resources/keys.js';
import { addLogSessions } from './resources/log-sessions.js';
import { addLogin, addTokens } from './resources/oauth.js';
import { addOneOffs } from './resources/one-offs.js';
import { addPipelineCouplings } from './resources/pipeline-couplings.js';
import { addPipelines } from './resources/pipelines.js';
import { addProjectRouting } from './resources/project-routing.js';
import { addProjects } from './resources/projects.js';
import { addPromotionDiff } from './resources/promotion-diff.js';
import { addPromotions } from './resources/promotions.js';
import { addPullRequestDeliveries } from './resources/pull-request-deliveries.js';
import { addPullRequestHook } from './resources/pull-request-hooks.js';
import { addPushedImages } from './resources/pushed-images.js';
import { addQuotas } from './resources/quotas.js';
import { addRebases } from './resources/rebases.js';
import { addRegistryEvents } from './resources/registry-events.js';
import { addRegistryTokens } from './resources/registry-tokens.js';
import { addReleases } from './resources/releases.js';
import { addPipelineRepository, addReviewApps } from './resources/review-apps.js';
import { addSchemas } from './resources/schemas.js';
import { addSession } from './resources/session.js';
import { addSleep } from './resources/sleep.js';
import { addTeams } from './resources/teams.js';
import { addTethers } from './resources/tethers.js';
import { addUsageReport } from './resources/usage.js';
import { addDashboardStreams } from './streams/dashboard-streams.js';
import { addSignedStreams } from './streams/signed-streams.js';

/** Bytes of a request's body; config vars are the largest thing anyone sends. */
const bodyMax = 1024 * 1024;
/** Bytes of one message of a WebSocket; what comes through one is cut smaller by whoever sends it. */
const streamChunkMax = 1024 * 1024;

/** The Platform API and the dashboard's sign-in and streams, not listening yet. Closing it ends the open streams. */
export function openServer(options: ApiOptions): FastifyInstance {
  const stop = new AbortController();
  const api = openApi(options, stop.signal);
  const server = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyMax,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 2_000 },
    forceCloseConnections: true,
    trustProxy: (_address, hop) => hop === 0, // the router: what it adds to X-Forwarded-For is the client's address
  }) as unknown as FastifyInstance;
  server.decorateRequest('person', null);
  server.addHook('preClose', async () => {
    stop.abort();
    await api.tethers.dropAll();
  });
  server.addHook('onRequest', async (request, reply) => void reply.header('request-id', request.id));
  server.setErrorHandler(answerError);
  server.setNotFoundHandler(answerUnknownRoute);
  acceptJson(server);
  server.register(websocket, { options: { maxPayload: streamChunkMax } });
  addOpenRoutes(server, api);
  if (options.registry) addRegistryTokens(server, api, options.registry);
  if (options.eventsSecret) addRegistryEvents(server, api, options.eventsSecret);
  server.register(async (part) => addPlatformApi(part, api));
  server.register(async (part) => addDashboardApi(part, api));
  return server;
}

/** The CLI sends `Content-Type: application/json` with no body on many a POST and DELETE: that is no error. */
function acceptJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser(/^application\/([a-z.-]+\+)?json/, { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body as string, done),
  );
}

/** What needs no sign-in, or is the sign-in. */
function addOpenRoutes(server: FastifyInstance, api: Api): void {
  server.get('/health', async (_request, reply) => {
    await api.platform.db.$queryRaw`SELECT 1`;
    return reply.type('text/plain').send('ok\n');
  });
  server.get('/', async (request, reply) => {
    if (request.headers.accept?.includes('text/html')) return reply.redirect(api.dashboardUrl);
    throw notFound('resource', '/');
  });
  addSchemas(server);
  addGoImport(server);
  addSession(server, api);
  addLogin(server, api);
  addInvitations(server, api);
  addSignedStreams(server, api);
  addPullRequestDeliveries(server, api);
  addBuildpackNames(server);
}

/** Heroku's Platform API v3 and our own resources beside it, for API tokens. */
function addPlatformApi(server: FastifyInstance, api: Api): void {
  requireToken(server, api);
  addAccount(server, api);
  addKeys(server, api);
  addTokens(server, api);
  addTeams(server, api);
  addEnvironments(server, api);
  addPipelines(server, api);
  addPipelineCouplings(server, api);
  addPipelineRepository(server, api);
  addReviewApps(server, api);
  addPromotions(server, api);
  addPromotionDiff(server, api);
  addProjects(server, api);
  addPullRequestHook(server, api);
  addProjectRouting(server, api);
  addTethers(server, api);
  addJoin(server, api);
  addApps(server, api);
  addAppExtras(server, api);
  addConfigVars(server, api);
  addAddOns(server, api);
  addCron(server, api);
  addFormation(server, api);
  addPushedImages(server, api);
  addDynos(server, api);
  addOneOffs(server, api);
  addSleep(server, api);
  addReleases(server, api);
  addImageRecords(server, api);
  addRebases(server, api);
  addBases(server, api);
  addBuilds(server, api);
  addBuildpacks(server, api);
  addLogSessions(server, api);
  addEvents(server, api);
  addDisk(server, api);
  addQuotas(server, api);
  addUsageReport(server, api);
  addCapacity(server, api);
}

/** What the dashboard's pages open in the browser. */
function addDashboardApi(server: FastifyInstance, api: Api): void {
  requireSession(server, api);
  addDashboardStreams(server, api);
}

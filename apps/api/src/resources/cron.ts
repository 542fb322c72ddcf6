import { listCronJobs } from '@berth/platform/cron/list-cron-jobs';
import type { FastifyInstance } from 'fastify';
import type { Api } from '../api.js';
import { toWireCronJob } from '../wire/cron-job.js';
import { type AppRequest, appOf } from './apps.js';

/** Cron jobs of an app: ours, Heroku has none in its API. */
export function addCron(server: FastifyInstance, { platform }: Api): void {
  server.get('/apps/:app/cron', async (request: AppRequest) =>
    (await listCronJobs(platform, appOf(request))).map(toWireCronJob),
  );
}

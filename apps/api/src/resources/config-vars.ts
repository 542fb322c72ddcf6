import { getConfigVars } from '@berth/platform/config-vars/get-config-vars';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { parseBody } from '../parse-body.js';
import { type AppRequest, appOf } from './apps.js';

/** null unsets a var. */
const changes = z.record(z.string(), z.string().nullable());

export function addConfigVars(server: FastifyInstance, { platform }: Api): void {
  server.get('/apps/:app/config-vars', (request: AppRequest) => getConfigVars(platform, appOf(request)));
  server.patch('/apps/:app/config-vars', async (request: AppRequest) => {
    const of = appOf(request);
    const { vars } = await setConfigVars(platform, { ...of, changes: parseBody(changes, request) });
    return vars;
  });
}

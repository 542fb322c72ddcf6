import { buildpackNames } from '@berth/domain/buildpack-choice';
import { notFound } from '@berth/domain/errors';
import { listBuildpacks } from '@berth/platform/buildpacks/list-buildpacks';
import { setBuildpacks } from '@berth/platform/buildpacks/set-buildpacks';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { parseBody } from '../parse-body.js';
import { type AppRequest, appOf } from './apps.js';

/** For a name that the registry below does not have the CLI sends none. */
const unknown = `names no buildpack that there is here; there are ${buildpackNames.join(', ')}, URLs and folders`;
const update = z.object({ updates: z.array(z.object({ buildpack: z.string(unknown) })) });

export function addBuildpacks(server: FastifyInstance, { platform }: Api): void {
  server.get('/apps/:app/buildpack-installations', async (request: AppRequest) =>
    toWire(await listBuildpacks(platform, appOf(request))),
  );
  server.put('/apps/:app/buildpack-installations', async (request: AppRequest) => {
    const { updates } = parseBody(update, request);
    const buildpacks = updates.map(({ buildpack }) => buildpack);
    return toWire(await setBuildpacks(platform, { ...appOf(request), buildpacks }));
  });
}

/** Heroku's buildpack registry, as far as the CLI asks it: without a token, for the names that mean something here. */
export function addBuildpackNames(server: FastifyInstance): void {
  server.get('/buildpacks', async () => buildpackNames.map(registryEntry));
  server.get('/buildpacks/:name', async (request) => {
    const { name } = request.params as { name: string };
    if (!buildpackNames.includes(name)) throw notFound('buildpack', name);
    return registryEntry(name);
  });
}

function toWire(buildpacks: readonly string[]) {
  return buildpacks.map((text, ordinal) => {
    const isName = buildpackNames.includes(text);
    return { ordinal, buildpack: { name: text, url: isName ? `urn:buildpack:${text}` : text } };
  });
}

function registryEntry(name: string) {
  const [namespace, short] = name.split('/');
  return {
    id: name,
    name: short,
    namespace,
    blob_url: `urn:buildpack:${name}`,
    category: 'languages',
    description: 'Built by Berth itself.',
    support: { method: 'unsupported' },
  };
}

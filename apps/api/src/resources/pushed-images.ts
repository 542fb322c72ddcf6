import { notFound, UserError } from '@berth/domain/errors';
import { readReadyImage } from '@berth/images/ready-image';
import { grantPerson } from '@berth/platform/registry/grant-person';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';

type ManifestRequest = FastifyRequest<{ Params: { app: string; type: string; reference: string } }>;

/** A tag or a digest (OCI distribution specification 1.1): it becomes a part of a path at the registry. */
const referenceRule = /^(\w[\w.-]{0,127}|sha256:[0-9a-f]{64})$/;

/**
 * The one document of the registry that Heroku's CLI reads with an API token: `container:release` finds out the id of the image
 * that was pushed. Everything else of the distribution API goes to the registry, with its own tokens.
 */
export function addPushedImages(server: FastifyInstance, { platform, images }: Api): void {
  server.get('/v2/:app/:type/manifests/:reference', async (request: ManifestRequest, reply) => {
    const { app, type, reference } = request.params;
    const name = `${app}/${type}`;
    if (!referenceRule.test(reference)) throw notFound('image', `${name}:${reference}`);
    const granted = await grantPerson(platform, { actor: personOf(request), name, actions: ['pull'] });
    if (!granted || !images) throw notFound('app', app);
    const manifest = (await readReadyImage(images, granted.storage, reference))?.manifest;
    if (!manifest)
      throw new UserError('not_found', `There is no image ${name}:${reference}: push it first.`, { resource: 'image' });
    return reply
      .header('docker-content-digest', manifest.digest)
      .header('content-type', manifest.mediaType)
      .send(manifest.bytes);
  });
}

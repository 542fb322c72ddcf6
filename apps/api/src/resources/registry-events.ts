import { timingSafeEqual } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import { endHoldsSoon } from '@berth/platform/registry/hold-for-person';
import { parsePushedRepository } from '@berth/platform/registry/image-name';
import { findUpload } from '@berth/platform/registry/list-uploads';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { tokenOf } from '../authenticate.js';
import { takeUpload } from '../images/take-upload.js';
import { parseBody } from '../parse-body.js';

/** What the registry tells of a push; its other events lack some of it (https://distribution.github.io/distribution/about/notifications/). */
const envelope = z.object({
  events: z.array(
    z.object({
      action: z.string(),
      target: z.object({
        repository: z.string().default(''),
        digest: z.string().default(''),
        tag: z.string().optional(),
      }),
      actor: z.object({ name: z.string().optional() }).optional(),
    }),
  ),
});

/**
 * The registry's notifications. One that is not answered well is sent again, so what cannot be done now is answered 503.
 * @param secret what the registry sends as a bearer token
 */
export function addRegistryEvents(server: FastifyInstance, api: Api, secret: string): void {
  server.addContentTypeParser(
    'application/vnd.docker.distribution.events.v1+json',
    { parseAs: 'string' },
    (request, body, done) => server.getDefaultJsonParser('error', 'error')(request, body as string, done),
  );
  server.post('/registry/events', async (request, reply) => {
    if (!isSame(tokenOf(request.headers.authorization), secret))
      throw new UserError('unauthorized', 'This is for the registry.');
    for (const { action, target, actor } of parseBody(envelope, request).events)
      if (action === 'push' && target.tag !== undefined)
        await takePush(api, { ...target, tag: target.tag, userId: actor?.name });
    return reply.code(200).send();
  });
}

async function takePush(
  { platform, images }: Api,
  { repository, digest, tag, userId }: { repository: string; digest: string; tag: string; userId: string | undefined },
): Promise<void> {
  const of = parsePushedRepository(repository);
  if (of) await endHoldsSoon(platform, { repository });
  if (!images || of?.processType !== '') return; // a process type's image waits for container:release
  const upload = await findUpload(platform, { appId: of.appId });
  if (upload)
    await takeUpload({ platform, images }, { upload: { ...upload, userId: userId ?? upload.userId }, tag, digest });
}

function isSame(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

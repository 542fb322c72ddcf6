import { notFound } from '@berth/domain/errors';
import { addSshKey } from '@berth/platform/ssh-keys/add-ssh-key';
import { listSshKeys } from '@berth/platform/ssh-keys/list-ssh-keys';
import { removeSshKey } from '@berth/platform/ssh-keys/remove-ssh-key';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireKey } from '../wire/key.js';

type KeyRequest = FastifyRequest<{ Params: { key: string } }>;
const creation = z.object({ public_key: z.string().max(20_000) });

/** The signed-in person's SSH keys, under the two paths that Heroku has for them. */
export function addKeys(server: FastifyInstance, { platform }: Api): void {
  const list = async (request: FastifyRequest) => {
    const actor = personOf(request);
    return (await listSshKeys(platform, { actor })).map((key) => toWireKey(key, actor.email));
  };
  const find = async (request: KeyRequest) => {
    const { key } = request.params;
    const found = (await list(request)).find(({ id, fingerprint }) => id === key || fingerprint === key);
    if (!found) throw notFound('key', key);
    return found;
  };
  for (const path of ['/account/keys', '/users/~/keys']) {
    server.get(path, list);
    server.get(`${path}/:key`, find);
    server.post(path, async (request, reply) => {
      const actor = personOf(request);
      const key = await addSshKey(platform, { actor, publicKey: parseBody(creation, request).public_key });
      return reply.code(201).send(toWireKey(key, actor.email));
    });
    server.delete(`${path}/:key`, async (request: KeyRequest) => {
      const key = await find(request);
      await removeSshKey(platform, { actor: personOf(request), key: key.id });
      return key;
    });
  }
}

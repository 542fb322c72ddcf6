import { berthJsonSchema } from '@berth/domain/berth-json-schema';
import type { FastifyInstance } from 'fastify';

/** JSON Schema of berth.yaml, for editors: no sign-in. */
export function addSchemas(server: FastifyInstance): void {
  server.get('/schemas/berth.json', async (_request, reply) =>
    reply.header('access-control-allow-origin', '*').type('application/schema+json').send(berthJsonSchema()),
  );
}

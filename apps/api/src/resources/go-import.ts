import { readGoImport } from '@berth/propagation/go-import';
import type { FastifyInstance } from 'fastify';

/** What a Go app copies when the build does not know its Go: no sign-in, so that `curl` alone fetches it. */
export function addGoImport(server: FastifyInstance): void {
  server.get('/propagation/berth.go', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(await readGoImport()),
  );
}

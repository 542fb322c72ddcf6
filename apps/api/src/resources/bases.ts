import { listBases } from '@berth/platform/bases/list-bases';
import type { FastifyInstance } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { stack } from '../wire/app.js';
import { toWireBase } from '../wire/base.js';

/** When this API first had stacks; Heroku's schema wants a time. */
const since = '2026-11-21T00:00:00Z';

/** Stacks and runtimes with who uses them: what a rebase would move. */
export function addBases(server: FastifyInstance, { platform }: Api): void {
  server.get('/stacks', async (request) => {
    const bases = await listBases(platform, { actor: personOf(request), kind: 'stack' });
    return [
      {
        ...stack,
        created_at: since,
        default: true,
        state: 'public',
        updated_at: bases[0]?.createdAt ?? since,
        // ours
        versions: bases.filter(({ name }) => name === stack.name).map(toWireBase),
      },
    ];
  });
  server.get('/runtimes', async (request) => {
    const bases = await listBases(platform, { actor: personOf(request), kind: 'runtime' });
    const names = [...new Set(bases.map(({ name }) => name))].sort();
    return names.map((name) => ({ name, versions: bases.filter((base) => base.name === name).map(toWireBase) }));
  });
}

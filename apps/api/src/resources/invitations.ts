import { acceptInvitation } from '@berth/platform/users/accept-invitation';
import { joinTeam } from '@berth/platform/users/join-team';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';

const acceptance = z.object({ name: z.string().min(1).max(200), email: z.email(), password: z.string().max(200) });

/** Accepting a one-time invitation needs no sign-in: its secret is the right, and the account is made by it. */
export function addInvitations(server: FastifyInstance, { platform }: Api): void {
  server.post('/invitations/:secret/accept', async (request: FastifyRequest<{ Params: { secret: string } }>, reply) => {
    const { name, email, password } = parseBody(acceptance, request);
    const { userId } = await acceptInvitation(platform, { secret: request.params.secret, name, email, password });
    return reply.code(201).send({ user: { id: userId, email, name } });
  });
}

/** Somebody who has an account takes the invitation with it. */
export function addJoin(server: FastifyInstance, { platform }: Api): void {
  server.post('/invitations/:secret/join', async (request: FastifyRequest<{ Params: { secret: string } }>, reply) => {
    const { teamId } = await joinTeam(platform, { actor: personOf(request), secret: request.params.secret });
    return reply.code(201).send({ team: { id: teamId } });
  });
}

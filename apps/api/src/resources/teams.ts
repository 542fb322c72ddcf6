import { notFound } from '@berth/domain/errors';
import { roles } from '@berth/platform/auth/rights';
import { createInvitation } from '@berth/platform/teams/create-invitation';
import { createTeam } from '@berth/platform/teams/create-team';
import { listMembers } from '@berth/platform/teams/list-members';
import { listTeams } from '@berth/platform/teams/list-teams';
import { removeMember } from '@berth/platform/teams/remove-member';
import { setMemberRole } from '@berth/platform/teams/set-member-role';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireInvitation, toWireMember, toWireTeam } from '../wire/team.js';

type TeamRequest<Path = unknown> = FastifyRequest<{ Params: { team: string } & Path }>;
type MemberRequest = TeamRequest<{ member: string }>;

const role = z.enum(roles);
const creation = z.object({ name: z.string() });
const invitation = z.object({ role: role.default('member') });
const membership = z.object({ role });

export function addTeams(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  const teamsOf = (request: FastifyRequest) => listTeams(platform, { actor: personOf(request) });
  const find = async (request: FastifyRequest, name: string) => {
    const team = (await teamsOf(request)).find((one) => one.name === name || one.id === name);
    if (!team) throw notFound('team', name);
    return toWireTeam(team);
  };

  server.get('/teams', async (request) => (await teamsOf(request)).map(toWireTeam));
  server.post('/teams', async (request, reply) => {
    const { name } = parseBody(creation, request);
    await createTeam(platform, { actor: personOf(request), name });
    return reply.code(201).send(await find(request, name));
  });
  server.get('/teams/:team', (request: TeamRequest) => find(request, request.params.team));
  server.post('/teams/:team/invitations', async (request: TeamRequest, reply) => {
    const wanted = parseBody(invitation, request);
    const made = await createInvitation(platform, { actor: personOf(request), team: request.params.team, ...wanted });
    return reply.code(201).send(toWireInvitation(made, wanted.role));
  });
  addMembers(server, api);
}

function addMembers(server: FastifyInstance, { platform }: Api): void {
  const membersOf = (request: TeamRequest) =>
    listMembers(platform, { actor: personOf(request), team: request.params.team });
  /** By id or e-mail. */
  const find = async (request: MemberRequest) => {
    const { member } = request.params;
    const found = (await membersOf(request)).find(({ userId, email }) => userId === member || email === member);
    if (!found) throw notFound('team_member', member);
    return found;
  };

  server.get('/teams/:team/members', async (request: TeamRequest) => (await membersOf(request)).map(toWireMember));
  server.patch('/teams/:team/members/:member', async (request: MemberRequest) => {
    const { userId } = await find(request);
    const { role } = parseBody(membership, request);
    await setMemberRole(platform, { actor: personOf(request), team: request.params.team, userId, role });
    return toWireMember(await find(request));
  });
  server.delete('/teams/:team/members/:member', async (request: MemberRequest) => {
    const member = await find(request);
    await removeMember(platform, { actor: personOf(request), team: request.params.team, userId: member.userId });
    return toWireMember(member);
  });
}
